import type { PlatformError, Span, StartReport } from "@plinth/module";
import type { ModuleRun } from "./module-run.ts";

/**
 * The report on a start that has ended.
 *
 * @param runs in plan order
 * @param began when the boot began, on the clock's scale
 * @param ended when the last module was running, on the same scale
 */
export function startReport(runs: readonly ModuleRun[], began: number, ended: number): StartReport {
  const failures = failuresOf(runs);
  return {
    state: failures.length === 0 ? "running" : "degraded",
    durationMs: ended - began,
    spans: spansOf(runs, began),
    criticalPath: criticalPath(runs).map((run) => {
      const { from, to } = extent(run);
      return { module: run.name, startMs: from - began, durationMs: to - from };
    }),
    failures,
  };
}

function spansOf(runs: readonly ModuleRun[], began: number): Span[] {
  const spans = runs.flatMap((run) =>
    run.spans.map(({ phase, from, to }) => ({
      module: run.name,
      phase,
      startMs: from - began,
      durationMs: to - from,
    })),
  );
  return spans.sort((a, b) => a.startMs - b.startMs);
}

function failuresOf(runs: readonly ModuleRun[]): StartReport["failures"] {
  const skippedFor = new Map<string, string[]>();
  for (const run of runs) {
    if (run.skippedFor === undefined) continue;
    const skipped = skippedFor.get(run.skippedFor) ?? [];
    skipped.push(run.name);
    skippedFor.set(run.skippedFor, skipped);
  }
  return runs
    .filter((run) => run.error !== undefined)
    .map((run) => ({
      module: run.name,
      error: run.error as PlatformError,
      skipped: skippedFor.get(run.name) ?? [],
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
    if (run.spans.length > 0 && (last === undefined || extent(run).to > extent(last).to)) last = run;
  }
  return last;
}

function extent(run: ModuleRun): { from: number; to: number } {
  return { from: run.spans[0]?.from ?? 0, to: run.spans.at(-1)?.to ?? 0 };
}
