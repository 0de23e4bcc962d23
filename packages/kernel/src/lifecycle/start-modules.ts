import type { PlatformError } from "@plinth/module";
import { Attempt } from "./attempt.ts";
import type { Engine } from "./engine.ts";
import { visitInOrder } from "./in-order.ts";
import type { ModuleRun } from "./module-run.ts";
import { startModule } from "./start-module.ts";
import { budgetError, stopModules } from "./stop-modules.ts";
import { within } from "./within.ts";

/** A start of modules that has begun. */
export interface Starting {
  readonly attempt: Attempt;
  /** Resolves when all have ended their start, or when the attempt is given up. */
  readonly ended: Promise<void>;
  /** Resolves when all have ended their start, also those of an attempt that was given up. */
  readonly settled: Promise<void>;
}

/**
 * Starts the modules that are `loaded`, each when those that it depends on have ended their start;
 * independent ones side by side.
 */
export function startModules(engine: Engine): Starting {
  const { runs } = engine;
  const attempt = new Attempt();
  const settled = visitInOrder(
    {
      count: runs.length,
      before: (index) => runs[index]?.module.dependencies ?? [],
      after: (index) => runs[index]?.module.dependents ?? [],
    },
    (index) => {
      const run = runs[index] as ModuleRun;
      return run.state === "loaded" ? startModule(engine, run, attempt) : undefined;
    },
  );
  return { attempt, settled, ended: Promise.race([settled, attempt.whenGivenUp]) };
}

/**
 * Waits for what is starting and stops what has started.
 *
 * @param concerned the modules that were to start; default all.
 * @returns everything else that went wrong, without `culprit`.
 */
export async function undoStart(
  engine: Engine,
  { settled }: Starting,
  culprit: PlatformError,
  concerned?: ReadonlySet<ModuleRun>,
): Promise<PlatformError[]> {
  const ended = await within(engine.clock, engine.limits.totalStopMs, settled);
  const mine = engine.runs.filter((run) => concerned?.has(run) !== false);
  const stuck = ended ? [] : mine.filter((run) => run.isStarting);
  const errors = await stopModules(engine, concerned);
  const others = mine.flatMap((run) => (run.error === undefined ? [] : [run.error]));
  const all = new Set([...others.filter((error) => error.code !== "START_CANCELLED"), ...errors]);
  all.delete(culprit);
  if (stuck.length > 0) all.add(budgetError(engine, stuck));
  return [...all];
}
