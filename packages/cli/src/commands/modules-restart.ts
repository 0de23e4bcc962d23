import type { ControlChange } from "@plinth/platform/control";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { type ExitCode, exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatProblems } from "../output/problems.ts";
import { type GlobalOptions, rootOf } from "../root.ts";

const details = `
The module and the modules that depend on it stop, in reverse order, and start again: the module with
the code and the manifest that are in its folder now. The others go on. Requests that are being served
end first, and new ones wait. Where that fails, the module goes on with the code that it had.

With --json: { "version": 1, "ok", "module", "reloaded", "restarted", "durationMs", "modules", "problems" }
  reloaded    modules that were started with their code of now
  restarted   modules that were started again because they depend on it
  durationMs  null where it failed
  modules     all modules as they run now, as in "status --json"

Examples:
  platformctl modules restart tickets
  platformctl modules restart tickets --json | jq .durationMs

Exit codes:
  0  it runs again    1  it failed, or no platform runs here    2  the command line is wrong
`;

interface RestartOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** `platformctl modules restart`: one module of the running platform, with those that depend on it. */
export function addModulesRestartCommand(modules: Command, context: Context, done: Done): void {
  modules
    .command("restart")
    .description("Restart a module of the running platform.")
    .argument("<name>", "the module")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (name: string, _, command: Command) => {
      const options: RestartOptions = command.optsWithGlobals();
      done(await restartModule(context, options, name));
    });
}

async function restartModule(context: Context, options: RestartOptions, name: string): Promise<ExitCode> {
  const root = await rootOf(context, options);
  const [{ runningPlatform }, { askStatus }, { followChange }, { PlatformError, problemsOf }, { fromWire }] =
    await Promise.all([
      import("../control/running-platform.ts"),
      import("../control/ask-status.ts"),
      import("../control/follow-change.ts"),
      import("@plinth/module"),
      import("@plinth/platform/control"),
    ]);
  try {
    const change = await followChange(context, root, () => runningPlatform(root).restart(name));
    if (options.json === true) {
      const { shownLive } = await import("../control/shown-status.ts");
      const { reloaded, restarted, durationMs, errors } = change;
      const modules = ((await askStatus(root)).status?.modules ?? []).map(shownLive);
      writeJson(context, "modules restart", {
        ok: true,
        module: name,
        reloaded,
        restarted,
        durationMs,
        modules,
        problems: errors.map((error) => new PlatformError(error).toJSON()),
      });
    } else {
      context.stdout.write(await changeText(context, name, change));
      const { stderr, cwd, env } = context;
      stderr.write(formatProblems(change.errors.map(fromWire), cwd, createPaint(wantsColour(stderr, env))));
    }
    return exitCode.fine;
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    const { status } = await askStatus(root);
    if (options.json === true) {
      const { shownLive } = await import("../control/shown-status.ts");
      writeJson(context, "modules restart", {
        ok: false,
        module: name,
        reloaded: [],
        restarted: [],
        durationMs: null,
        modules: (status?.modules ?? []).map(shownLive),
        problems: problems.map((problem) => problem.toJSON()),
      });
    } else {
      const { failureText } = await import("../control/failure-text.ts");
      context.stderr.write(failureText(context, problems, status, name));
    }
    return exitCode.findings;
  }
}

async function changeText({ stdout, env }: Context, name: string, change: ControlChange): Promise<string> {
  const { took } = await import("../control/elapsed.ts");
  const paint = createPaint(wantsColour(stdout, env));
  const others = [...change.reloaded, ...change.restarted].filter((each) => each !== name);
  const head = `${paint.green("restarted")} ${paint.bold(name)} in ${took(change.durationMs)}\n`;
  return others.length === 0 ? head : `${head}with what depends on it: ${others.join(", ")}\n`;
}
