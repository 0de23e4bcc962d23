import type { PlatformError, Span, StartReport } from "@plinth/module";
import type { ModuleRun } from "./module-run.ts";

/**
 * The report on a start that has ended. Its spans are put together when somebody reads them.
 *
 * @param runs in plan order
 * @param began when the boot began, on the clock's scale
 * @param ended when the last module was running, on the same scale
 */
export function startReport(runs: readonly ModuleRun[], began: number, ended: number): StartReport {
  const failures = failuresOf(runs);
  let spans: readonly Span[] | undefined;
  return {
    state: failures.length === 0 ? "running" : "degraded",
    durationMs: ended - began,
    get spans() {
      spans ??= spansOf(runs, began);
      return spans;
    },
    criticalPath: criticalPath(runs).map((run) => {
      const startedAt = run.startedAt ?? began;
      return { module: run.name, startMs: startedAt - began, durationMs: (run.endedAt ?? startedAt) - startedAt };
    }),
    failures,
  };
}

function spansOf(runs: readonly ModuleRun[], began: number): Span[] {
  const spans = runs.flatMap((run) =>
    run.phaseEnds.map(({ phase, at }, index) => {
      const from = (index === 0 ? run.startedAt : run.phaseEnds[index - 1]?.at) ?? began;
      return { module: run.name, phase, startMs: from - began, durationMs: at - from };
    }),
  );
  return spans.sort((a, b) => a.startMs - b.startMs);
}

function failuresOf(runs: readonly ModuleRun[]): StartReport["failures"] {
  const failed = runs.filter((run) => run.error !== undefined);
  if (failed.length === 0) return [];
  const skippedFor = Map.groupBy(runs, (run) => run.skippedFor);
  return failed.map((run) => ({
    module: run.name,
    error: run.error as PlatformError,
    skipped: (skippedFor.get(run.name) ?? []).map((skipped) => skipped.name),
  }));
}

/** From the module that ended last back along the dependency that ended last, turned round. */
function criticalPath(runs: readonly ModuleRun[]): ModuleRun[] {
  const path: ModuleRun[] = [];
  let current = latest(runs);
  while (current !== undefined) {
    path.push(current);
    current = latest(current.module.dependencies.map((index) => runs[index] as ModuleRun));
  }
  return path.reverse();
}

function latest(runs: readonly ModuleRun[]): ModuleRun | undefined {
  let last: ModuleRun | undefined;
  for (const run of runs) {
    const { endedAt } = run;
    if (endedAt !== undefined && (last?.endedAt === undefined || endedAt > last.endedAt)) last = run;
  }
  return last;
}
