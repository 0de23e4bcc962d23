import { type PlatformError, problemsOf } from "@plinth/module";
import { type ControlChange, fromWire } from "@plinth/platform/control";
import type { Context } from "../context.ts";
import { refreshRunning } from "../control/refresh-running.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatProblems } from "../output/problems.ts";

/** What the running platform made of changed plugins. */
export interface TakenIn {
  /** `null` where no platform runs, or where it refused. */
  readonly running: Omit<ControlChange, "errors"> | null;
  /** Why it refused; it goes on as it was. */
  readonly problems: readonly PlatformError[];
  /** What failed while modules stopped; the change was made all the same. */
  readonly failures: readonly PlatformError[];
}

/** Nothing has changed, so nobody was told. */
export const nothingToTell: TakenIn = { running: null, problems: [], failures: [] };

/** Lets the running platform, if there is one, take in which plugins there are now. */
export async function takeIn(root: string): Promise<TakenIn> {
  try {
    const change = await refreshRunning(root);
    if (change === undefined) return nothingToTell;
    // The platform that runs may be of a newer version, and say more.
    const { added, removed, reloaded, restarted, durationMs, errors } = change;
    const running = { added, removed, reloaded, restarted, durationMs };
    return { running, problems: [], failures: errors.map(fromWire) };
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return { ...nothingToTell, problems };
  }
}

/** What the running platform did, in a line; empty where none runs. */
export function takenInText({ running }: TakenIn): string {
  if (running === null) return "";
  const { added, removed, reloaded, restarted, durationMs } = running;
  const parts = Object.entries({ started: added, stopped: removed, reloaded, restarted }).flatMap(([what, names]) =>
    names.length === 0 ? [] : [`${what} ${names.join(", ")}`],
  );
  const what = parts.length === 0 ? "had nothing to change" : parts.join("; ");
  return `the running platform ${what} (${Math.round(durationMs)} ms)\n`;
}

/** Says on the standard error why the running platform did not take the change in, or what failed besides. */
export function mentionTrouble({ stderr, cwd, env }: Context, { problems, failures }: TakenIn): void {
  stderr.write(formatProblems([...problems, ...failures], cwd, createPaint(wantsColour(stderr, env))));
  if (problems.length === 0) return;
  stderr.write("\nthe running platform goes on as it was; plugins.lock holds from its next start on\n");
}
