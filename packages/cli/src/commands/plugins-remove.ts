import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
Takes the plugin out of plugins.lock and removes its folder. A running platform stops it at once; the rest goes on.
Its tables stay in the database, and its settings in platform.yaml, which you then take out.

With --json: { "version": 1, "ok", "name", "removed", "running", "problems": [problem] }
  removed    the version that was installed
  running    what the running platform changed; null where none runs
  problems   what is wrong with the platform without the plugin

Examples:
  platformctl plugins remove sla
  platformctl plugins remove sla --force      although other modules depend on it

Exit codes:
  0  it is gone    1  something needs it, or is wrong without it    2  the command line is wrong
`;

/** `platformctl plugins remove`: takes a plugin out. */
export function addPluginsRemoveCommand(plugins: Command, context: Context, done: Done): void {
  plugins
    .command("remove")
    .description("Take a plugin out, also of the running platform.")
    .argument("<plugin>", "its name")
    .option("--force", "although other modules depend on it")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (name: string, _, command: Command) => {
      const { reported } = await import("../plugins/reported.ts");
      const options: RemoveOptions = command.optsWithGlobals();
      done(await reported(context, () => remove(context, options, name)));
    });
}

interface RemoveOptions extends GlobalOptions {
  readonly force?: boolean;
  readonly json?: boolean;
}

async function remove(context: Context, options: RemoveOptions, name: string) {
  const [
    { pluginPlatform },
    plugins,
    { platformError },
    { takeIn, takenInText, mentionTrouble },
    { newProblems, mentionNewProblems },
  ] = await Promise.all([
    import("../plugins/plugin-platform.ts"),
    import("@plinth/plugins"),
    import("@plinth/module"),
    import("../plugins/take-in.ts"),
    import("../plugins/new-problems.ts"),
  ]);
  const { root, place, inspection } = await pluginPlatform(context, options);
  plugins.findPlugin(plugins.readLock(root), name);
  const dependents = inspection.modules
    .filter(({ manifest }) => manifest.dependencies.some((each) => each.name === name && !each.optional))
    .map(({ manifest }) => manifest.name);
  if (dependents.length > 0 && options.force !== true) {
    throw platformError("PLUGIN_NEEDED", { plugin: name, dependents: dependents.join(", ") });
  }
  const { version } = await plugins.removePlugin(name, place);
  const taken = await takeIn(root);
  const stillToMend = taken.problems.length === 0 ? await newProblems(context, options, inspection) : [];
  const ok = taken.problems.length === 0 && stillToMend.length === 0;
  if (options.json === true) {
    const problems = [...taken.problems, ...taken.failures, ...stillToMend].map((problem) => problem.toJSON());
    writeJson(context, "plugins remove", { ok, name, removed: version, running: taken.running, problems });
  } else {
    const paint = createPaint(wantsColour(context.stdout, context.env));
    context.stdout.write(`${paint.green("removed")} ${name} ${version}\n${takenInText(taken)}`);
    mentionTrouble(context, taken);
    mentionNewProblems(context, stillToMend);
  }
  return ok ? exitCode.fine : exitCode.findings;
}
