import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { type GlobalOptions, rootOf } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const details = `
Checks manifests, settings and permissions as "modules validate" does, migrates, and starts the modules in
the order of their dependencies. The log goes to the standard output, as text on a terminal and as JSON
elsewhere.

SIGTERM or Ctrl-C stops the platform: it drains, then its modules stop in reverse. A second one ends
the process at once.

With --safe-mode plugins are left out: for a platform that one of them keeps from starting.

Examples:
  platformctl start
  platformctl start --set http.port=8081 --set log.level=debug
  PLATFORM_HTTP__PORT=8081 platformctl start

Exit codes:
  0          it ran, and stopped cleanly
  1          it did not start, or something failed
  2          the command line is wrong
  130, 143   it was ended by a second Ctrl-C or SIGTERM
`;

/** `platformctl start`: runs the platform until it is told to stop. */
export function addStartCommand(program: Command, context: Context, done: Done): void {
  program
    .command("start")
    .description("Run a platform.")
    .addOption(setOption())
    .option("--safe-mode", "leave plugins out")
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: GlobalOptions & SettingsOptions & { readonly safeMode?: boolean } = command.optsWithGlobals();
      const root = await rootOf(context, options);
      const { runPlatform, thisProcess } = await import("@plinth/platform");
      const safeMode = options.safeMode === true;
      await runPlatform({ root, set: options.set ?? [], safeMode }, { ...thisProcess(), ...context });
      done(undefined);
    });
}
