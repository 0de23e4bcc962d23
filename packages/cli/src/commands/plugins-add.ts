import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import type { AddOptions } from "../plugins/add-plugin.ts";

const details = `
SOURCE is the folder of a plugin, a .tgz archive, or a package that the installed npm fetches with your .npmrc. All of
it is checked before anything is written: the archive, the manifest, the platform's version that it was made for, the
modules and packages that it needs, its signature. Then it is unpacked into plugins/NAME@VERSION, and plugins.lock
holds the hash of each file. A running platform takes it in at once. A newer version takes the place of an older one.

You are shown what it asks for and asked whether you agree. Without a terminal a plugin that asks for rights needs
--yes. Rights count for a plugin in a process of its own: network, childProcess, workers, addons, read=PATH, write=PATH
and env=NAME. With --grant it gets those and no others, whatever it asks for; "--grant none" grants nothing.

With --json: { "version": 1, "ok", "plugin": plugin, "replaced", "changed", "running", "notices": [problem],
"problems": [problem] }, with a plugin as in "plugins list --json".
  replaced   the version that was installed before, or null
  changed    false where it was installed already, just as it is
  running    what the running platform changed; null where none runs, or where it refused
  problems   why it refused, or what has to be mended before the platform can start, such as a missing setting

Examples:
  platformctl plugins add ../sla
  platformctl plugins add sla-1.2.0.tgz --yes
  platformctl plugins add @acme/sla@^1.2.0 --grant network --grant env=SLA_TOKEN
  platformctl plugins add sla-1.1.0.tgz --force      an older version, or the same one with other content

Exit codes:
  0  it is installed    1  it was refused, you did not agree, or something is left to mend    2  the command line is wrong
`;

/** `platformctl plugins add`: installs a plugin, or another version of it. */
export function addPluginsAddCommand(plugins: Command, context: Context, done: Done): void {
  plugins
    .command("add")
    .description("Install a plugin, also into the running platform.")
    .argument("<source>", "a folder, a .tgz archive, or a package such as @acme/sla@1.2.0")
    .option("--grant <right>", "what it may do, instead of all that it asks for; may be repeated", collect)
    .option("-y, --yes", "agree to what it asks for")
    .option("--force", "also in place of the same or a newer version")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (source: string, _, command: Command) => {
      const { reported } = await import("../plugins/reported.ts");
      const options: AddOptions = command.optsWithGlobals();
      done(await reported(context, () => add(context, options, source)));
    });
}

function collect(right: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), right];
}

async function add(context: Context, options: AddOptions, source: string) {
  const [{ addPlugin }, { takeIn, takenInText, mentionTrouble, nothingToTell }, { newProblems, mentionNewProblems }] =
    await Promise.all([
      import("../plugins/add-plugin.ts"),
      import("../plugins/take-in.ts"),
      import("../plugins/new-problems.ts"),
    ]);
  const added = await addPlugin(context, options, source);
  if (added === "declined") {
    context.stderr.write("nothing was installed\n");
    return exitCode.findings;
  }
  const { plugin, replaced, changed, notice, inspection } = added;
  const taken = changed ? await takeIn(inspection.root) : nothingToTell;
  const stillToMend = taken.problems.length === 0 ? await newProblems(context, options, inspection) : [];
  const ok = taken.problems.length === 0 && stillToMend.length === 0;
  if (options.json === true) {
    const problems = [...taken.problems, ...taken.failures, ...stillToMend].map((problem) => problem.toJSON());
    const notices = notice === undefined ? [] : [notice.toJSON()];
    writeJson(context, "plugins add", { ok, plugin, replaced, changed, running: taken.running, notices, problems });
  } else {
    const paint = createPaint(wantsColour(context.stdout, context.env));
    const what = changed
      ? `${paint.green("installed")} ${plugin.name} ${plugin.version}`
      : `${plugin.name} ${plugin.version} is installed already`;
    const instead = replaced === null || replaced === plugin.version ? "" : `, in place of ${replaced}`;
    context.stdout.write(`${what}${instead}\n${takenInText(taken)}`);
    if (notice !== undefined) context.stderr.write(`${notice.message}\n`);
    mentionTrouble(context, taken);
    mentionNewProblems(context, stillToMend);
  }
  return ok ? exitCode.fine : exitCode.findings;
}
