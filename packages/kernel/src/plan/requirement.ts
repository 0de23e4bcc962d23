import type { Dependency } from "@plinth/module";
import type { RegisteredModule } from "./boot-plan.ts";

/** One module's wish for another. */
export interface Requirement {
  readonly by: RegisteredModule;
  readonly dependency: Dependency;
}
