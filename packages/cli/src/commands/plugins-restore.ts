import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatProblems } from "../output/problems.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
Puts every plugin back whose folder is missing or not as it was installed, from where it came: the folder, the archive
or the package that plugins.lock names. What is there now must be what was installed, file by file; otherwise nothing
is changed. So plugins.lock is enough to get the plugins again after a fresh checkout.

With --json: { "version": 1, "ok", "restored": [name], "problems": [problem] }

Examples:
  platformctl plugins restore

Exit codes:
  0  all plugins are as they were installed    1  one could not be put back    2  the command line is wrong
`;

/** `platformctl plugins restore`: puts plugins back as the lock has them. */
export function addPluginsRestoreCommand(plugins: Command, context: Context, done: Done): void {
  plugins
    .command("restore")
    .description("Put plugins back as plugins.lock has them.")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const { reported } = await import("../plugins/reported.ts");
      const options: RestoreOptions = command.optsWithGlobals();
      done(await reported(context, () => restore(context, options)));
    });
}

interface RestoreOptions extends GlobalOptions {
  readonly json?: boolean;
}

async function restore(context: Context, options: RestoreOptions) {
  const [{ pluginPlatform }, { restorePlugins }] = await Promise.all([
    import("../plugins/plugin-platform.ts"),
    import("@plinth/plugins"),
  ]);
  const { place } = await pluginPlatform(context, options);
  const { restored, problems } = await restorePlugins(place, { env: context.env });
  const ok = problems.length === 0;
  if (options.json === true) {
    const names = restored.map(({ name }) => name);
    writeJson(context, "plugins restore", {
      ok,
      restored: names,
      problems: problems.map((problem) => problem.toJSON()),
    });
  } else {
    const paint = createPaint(wantsColour(context.stdout, context.env));
    for (const { name, version } of restored) context.stdout.write(`${paint.green("restored")} ${name} ${version}\n`);
    if (ok && restored.length === 0) context.stdout.write("nothing was to be done\n");
    const errors = createPaint(wantsColour(context.stderr, context.env));
    context.stderr.write(formatProblems(problems, context.cwd, errors));
  }
  return ok ? exitCode.fine : exitCode.findings;
}
