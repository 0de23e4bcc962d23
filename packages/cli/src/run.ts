import { formatProblem, platformError, problemsOf } from "@plinth/module";
import { type Command, CommanderError } from "commander";
import { Elsewhere } from "./bundled/elsewhere.ts";
import type { Context } from "./context.ts";
import { type ExitCode, exitCode } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { usageError } from "./usage-error.ts";

/**
 * Runs one command. The result goes to `stdout`, everything else to `stderr`. Never rejects.
 *
 * @param begin is told of a command that was understood, before it does anything. Throws {@link Elsewhere} for one
 * that is not to be run.
 * @returns the code to exit with; `undefined` where a platform was started, which ends the process itself.
 */
export async function run(context: Context, begin: (command: Command) => void = () => {}): Promise<ExitCode> {
  let code: ExitCode = exitCode.fine;
  const program = createProgram(context, (result) => {
    code = result;
  });
  program.hook("preAction", (_, command) => begin(command));
  try {
    await program.parseAsync([...context.args], { from: "user" });
    return code;
  } catch (thrown) {
    return thrown instanceof Elsewhere ? undefined : report(thrown, context);
  }
}

function report(thrown: unknown, context: Context): ExitCode {
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return exitCode.fine;
    // Help that was shown because the command is incomplete says by itself what is missing.
    if (thrown.code !== "commander.help") context.stderr.write(`${formatProblem(usageError(thrown, context.args))}\n`);
    return exitCode.usage;
  }
  const problems = problemsOf(thrown);
  for (const problem of problems) context.stderr.write(`${formatProblem(problem)}\n`);
  if (problems.length > 0) return exitCode.usage;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const stack = thrown instanceof Error && thrown.stack !== undefined ? `${thrown.stack}\n` : "";
  context.stderr.write(`${formatProblem(platformError("COMMAND_CRASHED", { reason }))}\n${stack}`);
  return exitCode.findings;
}
