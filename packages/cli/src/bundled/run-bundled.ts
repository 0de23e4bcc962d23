import type { Question } from "../answers/question.ts";
import { remember } from "../answers/remember.ts";
import { startTrace } from "../answers/traced-fs.ts";
import type { Context, Output } from "../context.ts";
import { run } from "../run.ts";
import { isBundled } from "./bundled-commands.ts";
import { Elsewhere } from "./elsewhere.ts";

/**
 * Runs a command and keeps its answer to the question, where there is one.
 *
 * @returns `false` for a command that does not run in the bundle, of which nothing was done.
 */
export async function runBundled(context: Context, question: Question | undefined): Promise<boolean> {
  const trace = startTrace();
  const stdout = copying(() => context.stdout);
  const stderr = copying(() => context.stderr);
  let isLeft = false;
  const leaveBundle = (): never => {
    isLeft = true;
    throw new Elsewhere();
  };
  const { args, cwd, cache, outputClosed } = context;
  const asked: Context = {
    args,
    cwd,
    env: question?.env ?? context.env,
    stdout,
    stderr,
    leaveBundle,
    ...(cache === undefined ? {} : { cache }),
    ...(outputClosed === undefined ? {} : { outputClosed }),
  };
  const code = await run(asked, (command) => {
    if (!isBundled(command)) leaveBundle();
  });
  if (isLeft) return false;
  if (code !== undefined) process.exitCode = code;
  const isAnswer = code === 0 || (code === 1 && !stderr.text().includes("COMMAND_CRASHED"));
  if (question !== undefined && isAnswer) {
    remember(question, { code, stdout: stdout.text(), stderr: stderr.text() }, trace, Date.now());
  }
  return true;
}

/** An output whose text can be had again. The stream is asked for when it is needed. */
function copying(stream: () => Output): Output & { text(): string } {
  let written = "";
  return {
    get isTTY() {
      return stream().isTTY === true;
    },
    get columns() {
      // A stream that is no terminal has no width, and whoever asks has a default.
      return stream().columns as number;
    },
    get rows() {
      return stream().rows as number;
    },
    write(text) {
      written += text;
      return stream().write(text);
    },
    text: () => written,
  };
}
