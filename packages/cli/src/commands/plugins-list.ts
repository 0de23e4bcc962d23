import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { formatTable } from "../output/table.ts";
import type { ShownPlugin } from "../plugins/shown-plugin.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
All files of all plugins are held against plugins.lock to tell their state: "ok", "tampered" when a file is not as
it was installed, "refused" when the signature is not as the platform wants it. "plugins verify" says what is wrong.

With --json: { "version": 1, "plugins": [plugin], "problems": [problem] }, and a plugin is
{ "name", "version", "state", "runsIn", "rights", "signedBy", "trusted", "integrity", "source", "folder" }

Examples:
  platformctl plugins list
  platformctl plugins list --json | jq '.plugins[].name'

Exit codes:
  0  the list is complete    1  plugins.lock cannot be used    2  the command line is wrong
`;

/** `platformctl plugins list`: what is installed. */
export function addPluginsListCommand(plugins: Command, context: Context, done: Done): void {
  plugins
    .command("list")
    .description("Show the installed plugins.")
    .option("--json", "print JSON instead of a table")
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const { reported } = await import("../plugins/reported.ts");
      const options: ListOptions = command.optsWithGlobals();
      done(await reported(context, () => list(context, options)));
    });
}

interface ListOptions extends GlobalOptions {
  readonly json?: boolean;
}

async function list(context: Context, options: ListOptions) {
  const [{ pluginPlatform }, { shownPlugin, signatureText }, { verifyPlugins }] = await Promise.all([
    import("../plugins/plugin-platform.ts"),
    import("../plugins/shown-plugin.ts"),
    import("@plinth/plugins"),
  ]);
  const platform = await pluginPlatform(context, options);
  const { plugins, strangers } = verifyPlugins(platform.place);
  const shown = plugins.map((plugin) => shownPlugin(plugin, platform));
  if (options.json === true) {
    const problems = [...plugins.flatMap((plugin) => plugin.problems), ...strangers];
    writeJson(context, "plugins list", { plugins: shown, problems: problems.map((problem) => problem.toJSON()) });
    return exitCode.fine;
  }
  const paint = createPaint(wantsColour(context.stdout, context.env));
  context.stdout.write(shown.length === 0 ? "" : tableOf(shown, paint, signatureText));
  if (shown.length === 0) context.stderr.write("no plugins are installed\n");
  for (const { message } of strangers) context.stderr.write(`${message}\n`);
  return exitCode.fine;
}

function tableOf(plugins: readonly ShownPlugin[], paint: Paint, signature: (plugin: ShownPlugin) => string): string {
  const head = ["NAME", "VERSION", "STATE", "RUNS IN", "MAY", "SIGNED BY"];
  const rows = plugins.map((plugin) => [
    plugin.name,
    plugin.version,
    plugin.state === "ok" ? paint.green("ok") : paint.red(plugin.state),
    plugin.runsIn === "process" ? "own process" : "the platform",
    plugin.runsIn === "process" ? plugin.rights.join(", ") || "-" : "everything",
    signature(plugin),
  ]);
  return formatTable([head.map(paint.bold), ...rows]);
}
