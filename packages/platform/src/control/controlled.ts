import type { ModuleHealth, PlatformEvent, PlatformStatus } from "@plinth/module";
import type { ChangeReport } from "../change/change-report.ts";

/** What a running platform must be able to do to be controlled. */
export interface ControlledPlatform {
  status(): PlatformStatus;
  health(): Promise<readonly ModuleHealth[]>;
  onEvent(listener: (event: PlatformEvent) => void): () => void;
  /** Stops a module, and starts it with its code of now. */
  reload(name: string): Promise<ChangeReport>;
  /** Reads manifests and plugins.lock again, and brings the running platform there. */
  refresh(): Promise<ChangeReport>;
}
