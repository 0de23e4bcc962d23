import { problemsOf } from "@plinth/module";
import type { Context } from "../context.ts";
import { type ExitCode, exitCode } from "../exit-codes.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatProblems } from "../output/problems.ts";

/**
 * Runs a command that speaks with the database. What is wrong with the platform or its database is
 * shown on the standard error and is a finding, not a mistake of the command line.
 */
export async function reported(context: Context, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0 || problems.some(({ code }) => /^(COMMAND|SETTINGS_ROOT)_/.test(code))) throw thrown;
    const paint = createPaint(wantsColour(context.stderr, context.env));
    context.stderr.write(formatProblems(problems, context.cwd, paint));
    return exitCode.findings;
  }
}
