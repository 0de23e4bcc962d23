import type { PlatformError } from "@plinth/module";

/** What a change of a running platform did. Names are in plan order. */
export interface ChangeReport {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Modules whose code, manifest or settings are others now, and those that were to be reloaded. */
  readonly reloaded: readonly string[];
  /** Modules that were stopped and started because they depend on one of the others. */
  readonly restarted: readonly string[];
  readonly durationMs: number;
  /** What failed while modules stopped; the change was made all the same. */
  readonly errors: readonly PlatformError[];
}
