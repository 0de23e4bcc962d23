import type { ModuleState } from "@plinth/module";

/** Every legal change of a module's state. */
export const transitions: Readonly<Record<ModuleState, readonly ModuleState[]>> = {
  registered: ["planned"],
  planned: ["loaded", "failed"],
  loaded: ["migrating", "starting", "failed", "skipped", "stopped"],
  migrating: ["starting", "failed"],
  starting: ["running", "failed"],
  running: ["stopping"],
  stopping: ["stopped", "failed"],
  stopped: ["loaded"],
  failed: ["loaded"],
  skipped: ["loaded", "stopped"],
};

/** Whether a module in state `from` may go on to `to`. */
export function mayBecome(from: ModuleState, to: ModuleState): boolean {
  return transitions[from].includes(to);
}
