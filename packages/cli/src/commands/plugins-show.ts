import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatProblems } from "../output/problems.ts";
import { formatTable } from "../output/table.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
What is known of an installed plugin: where it came from, who signed it, what it may do, what it brings along and the
hash of each of its files. What its manifest says is shown only while its files are as they were installed.

With --json: { "version": 1, "plugin": plugin, "description", "dependencies", "permissions", "migrations",
"files": [{ "path", "integrity" }], "problems": [problem] }, with a plugin as in "plugins list --json".

Examples:
  platformctl plugins show sla
  platformctl plugins show sla --json | jq .plugin.rights

Exit codes:
  0  it is as it was installed    1  it is not    2  the command line is wrong, or there is no such plugin
`;

/** `platformctl plugins show`: one plugin. */
export function addPluginsShowCommand(plugins: Command, context: Context, done: Done): void {
  plugins
    .command("show")
    .description("Show what is known of a plugin.")
    .argument("<plugin>", "its name")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (name: string, _, command: Command) => {
      const { reported } = await import("../plugins/reported.ts");
      const options: ShowOptions = command.optsWithGlobals();
      done(await reported(context, () => show(context, options, name)));
    });
}

interface ShowOptions extends GlobalOptions {
  readonly json?: boolean;
}

async function show(context: Context, options: ShowOptions, name: string) {
  const [{ pluginPlatform }, { shownPlugin }, { verifyPlugins, findPlugin, readLock }, { listedModule }] =
    await Promise.all([
      import("../plugins/plugin-platform.ts"),
      import("../plugins/shown-plugin.ts"),
      import("@plinth/plugins"),
      import("../listed-module.ts"),
    ]);
  const platform = await pluginPlatform(context, options);
  const { name: wanted, files } = findPlugin(readLock(platform.root), name);
  const verified = verifyPlugins(platform.place).plugins.find(({ plugin }) => plugin.name === wanted);
  if (verified === undefined) return exitCode.findings;
  const plugin = shownPlugin(verified, platform);
  const module = platform.inspection.modules.find(
    ({ manifest, source }) => source === "plugin" && manifest.name === wanted,
  );
  const known = module === undefined ? { dependencies: [], permissions: [], migrations: [] } : listedModule(module);
  const { dependencies, permissions, migrations } = known;
  const description = module?.manifest.description ?? null;
  const { problems } = verified;
  if (options.json === true) {
    writeJson(context, "plugins show", {
      plugin,
      description,
      dependencies,
      permissions,
      migrations,
      files: Object.entries(files).map(([path, integrity]) => ({ path, integrity })),
      problems: problems.map((problem) => problem.toJSON()),
    });
    return problems.length === 0 ? exitCode.fine : exitCode.findings;
  }
  const paint = createPaint(wantsColour(context.stdout, context.env));
  const { kind, given, resolved } = plugin.source;
  const rows = [
    ["state", plugin.state === "ok" ? paint.green("ok") : paint.red(plugin.state)],
    ["from", `${kind} ${given}${resolved === null ? "" : `, ${resolved}`}`],
    ["signed by", plugin.signedBy === null ? "nobody" : `${plugin.signedBy}${plugin.trusted ? "" : " (not trusted)"}`],
    ["runs in", plugin.runsIn === "process" ? "a process of its own" : "the platform's own process"],
    ["may", plugin.runsIn === "process" ? plugin.rights.join(", ") || "nothing but run" : "everything"],
    ["depends on", dependencies.map(({ name, range }) => `${name} ${range}`).join(", ") || "nothing"],
    ["permissions", permissions.join(", ") || "none"],
    ["migrations", migrations.join(", ") || "none"],
    ["folder", plugin.folder],
    ["integrity", plugin.integrity],
  ];
  const head = `${paint.bold(`${plugin.name} ${plugin.version}`)}${description === null ? "" : `: ${description}`}`;
  const table = formatTable(rows.map(([what = "", value = ""]) => [`  ${paint.dim(what)}`, value]));
  const list = Object.keys(files).map((file) => `  ${file}\n`);
  context.stdout.write(`${head}\n${table}\n${paint.bold("files")}\n${list.join("")}`);
  if (problems.length > 0) {
    context.stderr.write(formatProblems(problems, context.cwd, createPaint(wantsColour(context.stderr, context.env))));
  }
  return problems.length === 0 ? exitCode.fine : exitCode.findings;
}
