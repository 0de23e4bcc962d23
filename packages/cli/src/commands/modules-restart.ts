import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
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
      const [root, { restartModule }] = await Promise.all([
        rootOf(context, options),
        import("../control/restart-module.ts"),
      ]);
      done(await restartModule(context, root, name, options.json === true));
    });
}
