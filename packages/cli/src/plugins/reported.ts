import { problemsOf } from "@plinth/module";
import type { Context } from "../context.ts";
import { type ExitCode, exitCode } from "../exit-codes.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatProblems } from "../output/problems.ts";

/** What is wrong with the command line, and not with a plugin or the platform. */
const usage = /^(?:COMMAND_|SETTINGS_ROOT_|PLUGIN_(?:UNKNOWN|SOURCE_MISSING|RIGHT_UNKNOWN|KEY_EXISTS|NOT_CONFIRMED)$)/;

/** Runs a command about plugins. What is wrong with a plugin is shown on the standard error and is a finding. */
export async function reported(context: Context, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    const paint = createPaint(wantsColour(context.stderr, context.env));
    context.stderr.write(formatProblems(problems, context.cwd, paint));
    return problems.some(({ code }) => usage.test(code)) ? exitCode.usage : exitCode.findings;
  }
}
