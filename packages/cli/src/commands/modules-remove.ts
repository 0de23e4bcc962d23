import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { inspected } from "../inspected.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { paintDiff } from "../output/paint-diff.ts";
import { pathFrom } from "../output/place.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
Removes the folder of the module, its settings in platform.yaml and its place in package files, and brings the
generated sources up to date. While other modules depend on it, it says where, and does nothing. On a terminal it
asks before; elsewhere it wants --yes.

Tables and grants are data, and stay. How to remove them is said at the end.

With --json: { "version": 1, "module", "dryRun", "removed", "changed", "todo" }: absolute paths, and what is left to
do as texts.

Examples:
  platformctl modules remove reports --dry-run     what would go
  platformctl modules remove reports
  platformctl modules remove reports --yes         without being asked, for scripts

Exit codes:
  0  it is removed    1  you said no    2  the command line is wrong, or the module is needed; nothing was done
`;

/** `platformctl modules remove`: takes a module out of a platform. */
export function addModulesRemoveCommand(modules: Command, context: Context, done: Done): void {
  modules
    .command("remove")
    .description("Take a module out of the platform.")
    .argument("<name>", "the module")
    .option("--dry-run", "remove nothing; show what would be removed and changed")
    .option("--yes", "do not ask")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (name: string, _, command: Command) => {
      const options: RemoveOptions = command.optsWithGlobals();
      done(await remove(context, options, name));
    });
}

interface RemoveOptions extends GlobalOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

async function remove(context: Context, options: RemoveOptions, name: string) {
  const platform = await inspected(context, options);
  const [{ planRemoval }, { applyChanges, removeFolder }, { undisturbed }] = await Promise.all([
    import("../scaffold/plan-removal.ts"),
    import("../scaffold/changes.ts"),
    import("../scaffold/undisturbed.ts"),
  ]);
  const { cwd, stdout } = context;
  const plan = planRemoval(platform, name);
  const { folder } = plan.module;
  const dryRun = options.dryRun === true;
  if (!dryRun) {
    if (options.yes !== true && !(await isAgreed(context, name, pathFrom(cwd, folder)))) return exitCode.findings;
    undisturbed(context, () => {
      applyChanges(platform.root, plan);
      removeFolder(plan.removed);
    });
  }
  if (options.json === true) {
    const changed = plan.edits.map(({ file }) => file);
    writeJson(context, "modules remove", { module: name, dryRun, removed: folder, changed, todo: [...plan.todo] });
    return exitCode.fine;
  }
  stdout.write(`${dryRun ? "remove" : "removed"} ${pathFrom(cwd, folder)}\n`);
  if (dryRun) {
    const { changesDiff } = await import("../scaffold/changes-diff.ts");
    const diff = changesDiff({ edits: plan.edits, moves: [] }, cwd);
    stdout.write(paintDiff(diff, createPaint(wantsColour(stdout, context.env))));
  }
  if (plan.todo.length > 0) stdout.write(`\nLeft to do:\n\n${plan.todo.join("\n\n")}\n`);
  return exitCode.fine;
}

async function isAgreed(context: Context, name: string, folder: string): Promise<boolean> {
  const [{ ask, canAsk }, { platformError }] = await Promise.all([
    import("../scaffold/ask.ts"),
    import("@plinth/module"),
  ]);
  if (!canAsk(context)) throw platformError("SCAFFOLD_UNCONFIRMED", { folder });
  const isAgreed = await ask(context, `Remove module ${name} with everything in ${folder}?`);
  if (!isAgreed) context.stderr.write("nothing was removed\n");
  return isAgreed;
}
