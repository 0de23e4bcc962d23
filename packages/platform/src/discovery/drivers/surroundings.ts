import path from "node:path";
import type { Clock, Logger } from "@plinth/module";

/** What a registry is opened in, besides its settings. */
export interface Surroundings {
  /** What files in settings are relative to. Default: the working directory. */
  readonly root: string | undefined;
  /** For what settings leave open, such as CONSUL_HTTP_ADDR and KUBECONFIG. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long `resolve` waits. Default: the registry's own. */
  readonly resolveTimeoutMs?: number;
  /** How long a watch outlives its last watcher. Default: the registry's own. */
  readonly lingerMs?: number;
}

/** The part of the surroundings that all registries take as options. */
export function timingOf({ clock, resolveTimeoutMs, lingerMs }: Surroundings) {
  return {
    clock,
    ...(resolveTimeoutMs === undefined ? {} : { resolveTimeoutMs }),
    ...(lingerMs === undefined ? {} : { lingerMs }),
  };
}

/** A file of the settings, absolute. */
export function fileIn({ root }: Surroundings, file: string): string {
  return path.resolve(root ?? ".", file);
}
