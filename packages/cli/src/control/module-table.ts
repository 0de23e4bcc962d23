import type { ControlledModule } from "@plinth/platform/control";
import type { Paint } from "../output/paint.ts";
import { formatTable } from "../output/table.ts";
import { elapsed, took } from "./elapsed.ts";

/** Said below a table in which modules are marked. */
export const markLegend = "* on the critical path of the start";

/**
 * The modules of a running platform, a line for each.
 *
 * @param now milliseconds since 1970-01-01 UTC, for how long each has been in its state.
 */
export function moduleTable(modules: readonly ControlledModule[], now: number, paint: Paint): string {
  const processes = modules.some(({ pid }) => pid !== null);
  const head = ["MODULE", "VERSION", "STATE", "HEALTH", "FOR", "START", "RESTARTS", ...(processes ? ["PROCESS"] : [])];
  const rows = modules.map((module) => [
    module.name,
    module.version,
    paintState(module, paint),
    paintHealth(module, paint),
    elapsed(now - module.since),
    module.startMs === null ? "-" : `${took(module.startMs)}${module.isOnCriticalPath ? " *" : ""}`,
    module.restarts === 0 ? "-" : paint.red(String(module.restarts)),
    ...(processes ? [String(module.pid ?? "-")] : []),
  ]);
  return formatTable([head.map(paint.bold), ...rows]);
}

function paintState({ state, skippedFor }: ControlledModule, paint: Paint): string {
  if (state === "running") return paint.green(state);
  if (state === "failed") return paint.red(state);
  return skippedFor === null ? state : paint.red(`${state} for ${skippedFor}`);
}

function paintHealth({ health }: ControlledModule, paint: Paint): string {
  if (health === null) return "-";
  return health === "pass" ? paint.green(health) : paint.red(health);
}
