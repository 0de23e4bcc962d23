import { formatProblem, problemsOf } from "@plinth/module";
import type { ProcessContext } from "./process-context.ts";

/**
 * Writes why a platform did not start to the standard error: each problem with its places, its mend
 * and what lies behind it.
 *
 * @throws `thrown` itself when it is no error of the platform.
 */
export function reportFailure(stderr: ProcessContext["stderr"], thrown: unknown): void {
  const problems = problemsOf(thrown);
  if (problems.length === 0) throw thrown;
  for (const problem of problems) stderr.write(`${formatProblem(problem)}\n${stackOf(problem.cause)}`);
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  stderr.write(`the platform did not start: ${count}\n`);
}

/** The stack of what lies behind a problem, indented. */
function stackOf(cause: unknown): string {
  if (!(cause instanceof Error) || cause.stack === undefined) return "";
  return `${cause.stack.replace(/^/gm, "    ")}\n`;
}
