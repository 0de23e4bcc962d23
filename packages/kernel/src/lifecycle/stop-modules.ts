import { type PlatformError, platformError } from "@plinth/module";
import type { Engine } from "./engine.ts";
import { visitInOrder } from "./in-order.ts";
import type { ModuleRun } from "./module-run.ts";
import { stopModule } from "./stop-module.ts";
import { within } from "./within.ts";

/**
 * Stops running modules, each when those that depend on it have stopped, all within the limit for a
 * whole stop. Never rejects.
 *
 * @param concerned which of the engine's modules; default all.
 * @returns everything that failed, in the order in which it happened.
 */
export async function stopModules(engine: Engine, concerned?: ReadonlySet<ModuleRun>): Promise<PlatformError[]> {
  const { runs, limits, clock } = engine;
  const errors: PlatformError[] = [];
  const all = visitInOrder(
    {
      count: runs.length,
      before: (index) => runs[index]?.module.dependents ?? [],
      after: (index) => runs[index]?.module.dependencies ?? [],
    },
    (index) => {
      const run = runs[index] as ModuleRun;
      if (run.state !== "running" || concerned?.has(run) === false) return undefined;
      return stopModule(engine, run).then((found) => {
        errors.push(...found);
      });
    },
  );
  if (!(await within(clock, limits.totalStopMs, all))) {
    const open = runs.filter(
      (run) => concerned?.has(run) !== false && (run.state === "running" || run.state === "stopping"),
    );
    errors.push(budgetError(engine, open));
  }
  return errors;
}

/** Says which modules did not end within the limit for a whole stop. */
export function budgetError({ limits }: Engine, open: readonly ModuleRun[]): PlatformError {
  const modules = open.map((run) => run.name).join(", ");
  return platformError("STOP_BUDGET", { limit: limits.totalStopMs, modules });
}
