import { type PlatformError, problemsOf } from "@plinth/module";
import { type ControlChange, fromWire } from "@plinth/platform/control";
import type { Context } from "../context.ts";
import { type ExitCode, exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatProblems } from "../output/problems.ts";
import { askStatus } from "./ask-status.ts";
import { took } from "./elapsed.ts";
import { failureText } from "./failure-text.ts";
import { followChange } from "./follow-change.ts";
import { runningPlatform } from "./running-platform.ts";
import { shownLive } from "./shown-status.ts";

/** Restarts a module of the running platform of a folder, and writes what that did, or why it failed. */
export async function restartModule(
  context: Context,
  root: string,
  module: string,
  isJson: boolean,
): Promise<ExitCode> {
  const { change, problems } = await restarted(context, root, module);
  if (isJson) {
    const { status } = await askStatus(root);
    const { reloaded = [], restarted = [], durationMs = null } = change ?? {};
    const modules = (status?.modules ?? []).map(shownLive);
    const shown = problems.map((problem) => problem.toJSON());
    const ok = change !== undefined;
    writeJson(context, "modules restart", { ok, module, reloaded, restarted, durationMs, modules, problems: shown });
  } else if (change === undefined) {
    const { status } = await askStatus(root);
    context.stderr.write(failureText(context, problems, status, module));
  } else {
    const { stderr, cwd, env } = context;
    context.stdout.write(changeText(context, module, change));
    stderr.write(formatProblems(problems, cwd, createPaint(wantsColour(stderr, env))));
  }
  return change === undefined ? exitCode.findings : exitCode.fine;
}

/** What a restart did, and what went wrong over it; without a change all of it failed. */
interface Restarted {
  readonly change: ControlChange | undefined;
  readonly problems: readonly PlatformError[];
}

async function restarted(context: Context, root: string, module: string): Promise<Restarted> {
  try {
    const change = await followChange(context, root, () => runningPlatform(root).restart(module));
    return { change, problems: change.errors.map(fromWire) };
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return { change: undefined, problems };
  }
}

function changeText({ stdout, env }: Context, module: string, change: ControlChange): string {
  const paint = createPaint(wantsColour(stdout, env));
  const others = [...change.reloaded, ...change.restarted].filter((each) => each !== module);
  const head = `${paint.green("restarted")} ${paint.bold(module)} in ${took(change.durationMs)}\n`;
  return others.length === 0 ? head : `${head}with what depends on it: ${others.join(", ")}\n`;
}
