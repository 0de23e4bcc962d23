import type { Context } from "../context.ts";
import { type ExitCode, exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatProblems } from "../output/problems.ts";
import { askStatus } from "./ask-status.ts";
import { markLegend, moduleTable } from "./module-table.ts";
import { shownLive } from "./shown-status.ts";
import { isWell } from "./verdict.ts";

/** Writes the modules of the running platform. Ends with `findings` where none runs, or not all of it is well. */
export async function writeLive(context: Context, root: string, isJson: boolean): Promise<ExitCode> {
  const { stdout, stderr, cwd, env } = context;
  const { status, problems } = await askStatus(root);
  if (isJson) {
    const modules = (status?.modules ?? []).map(shownLive);
    writeJson(context, "modules list --live", { modules, problems: problems.map((problem) => problem.toJSON()) });
  } else if (status === undefined) {
    stderr.write(formatProblems(problems, cwd, createPaint(wantsColour(stderr, env))));
  } else {
    const paint = createPaint(wantsColour(stdout, env));
    const isMarked = status.modules.some(({ isOnCriticalPath }) => isOnCriticalPath);
    stdout.write(moduleTable(status.modules, Date.now(), paint));
    if (isMarked) stdout.write(`${paint.dim(markLegend)}\n`);
  }
  return status !== undefined && isWell(status) ? exitCode.fine : exitCode.findings;
}
