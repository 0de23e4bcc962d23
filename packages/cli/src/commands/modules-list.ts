import { type Command, Option } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import type { ListedModule } from "../listed-module.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { count } from "../output/problems.ts";
import { formatTable } from "../output/table.ts";
import { type GlobalOptions, rootOf } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const details = `
The modules come in the order in which they start, those of the platform itself first. When they
cannot be put in order, they come by name, and a line on the standard error says so.

With --json: { "version": 1, "modules": [...] }, each module with
  name, version
  source         platform, static, directory or plugin
  dependencies   [{ name, range, optional }]
  permissions    full codes, as in tickets.ticket.close
  migrations     names of files, in the order in which they run
  path           the module's folder, absolute; null for a module without one

With --live: the modules of the platform that is running here, with state, health, for how long, what
the last start took, and restarts after failures; --json prints { "version", "modules", "problems" }
with modules as in "status --json".

Examples:
  platformctl modules list
  platformctl modules list --live
  platformctl modules list -C examples/helpdesk --json

Exit codes:
  0  the list is complete    1  something is wrong with the platform    2  the command line is wrong
`;

/** `platformctl modules list`: what the platform consists of. */
export function addModulesListCommand(modules: Command, context: Context, done: Done): void {
  modules
    .command("list")
    .description("Show the modules of a platform.")
    .option("--json", "print JSON instead of a table")
    .addOption(new Option("--live", "show what the running platform says of them").conflicts("set"))
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: ListOptions = command.optsWithGlobals();
      done(options.live === true ? await listLive(context, options) : await listModules(context, options));
    });
}

interface ListOptions extends GlobalOptions, SettingsOptions {
  readonly json?: boolean;
  readonly live?: boolean;
}

async function listModules(context: Context, options: ListOptions) {
  const root = await rootOf(context, options);
  const [{ inspectPlatform }, { listedModule }] = await Promise.all([
    import("@plinth/platform"),
    import("../listed-module.ts"),
  ]);
  const { modules, problems } = await inspectPlatform({ root, env: context.env, set: options.set ?? [] });
  const listed = modules.map(listedModule);
  const paint = createPaint(wantsColour(context.stdout, context.env));
  if (options.json === true) writeJson(context, "modules list", { modules: listed });
  else context.stdout.write(tableOf(listed, paint));
  if (problems.length === 0) return exitCode.fine;
  context.stderr.write(`${count(problems.length, "problem")}; platformctl modules validate shows what is wrong\n`);
  return exitCode.findings;
}

async function listLive(context: Context, options: ListOptions) {
  const root = await rootOf(context, options);
  const { writeLive } = await import("../control/live-modules.ts");
  return writeLive(context, root, options.json === true);
}

function tableOf(modules: readonly ListedModule[], paint: Paint): string {
  const head = ["NAME", "VERSION", "SOURCE", "DEPENDENCIES", "MIGRATIONS", "PERMISSIONS"];
  const rows = modules.map(({ name, version, source, dependencies, migrations, permissions }) => [
    name,
    version,
    source,
    dependencies.map((each) => `${each.name} ${each.range}${each.optional ? " (optional)" : ""}`).join(", ") || "-",
    String(migrations.length || "-"),
    String(permissions.length || "-"),
  ]);
  return formatTable([head.map(paint.bold), ...rows]);
}
