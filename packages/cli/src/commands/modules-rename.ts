import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { inspected } from "../inspected.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { paintDiff } from "../output/paint-diff.ts";
import { count } from "../output/problems.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
Changes the manifest, the folder and the package of the module, the dependencies in other manifests, its
settings in platform.yaml, imports, ids of services, codes of permissions, and generated sources. Comments and
layout stay. Either all of it is done or nothing.

What only you can do is said at the end: the database keeps the old name in its tables, in the ledger of
migrations and in what roles may do, and replicas and callers may know the module by its routes and variables.

In a git repository nothing else may wait to be committed, so that git diff shows the renaming and git can undo it.

With --json: { "version": 1, "module", "from", "dryRun", "moved": [{ "from", "to" }], "changed", "todo" }: absolute
paths, and what is left to do as texts.

Examples:
  platformctl modules rename tickets cases --dry-run     a diff of what it would do
  platformctl modules rename tickets cases

Exit codes:
  0  it is renamed    2  the command line is wrong, or it cannot be renamed; nothing was done
`;

/** `platformctl modules rename`: another name for a module, everywhere. */
export function addModulesRenameCommand(modules: Command, context: Context, done: Done): void {
  modules
    .command("rename")
    .description("Give a module another name, wherever it is mentioned.")
    .argument("<name>", "the module")
    .argument("<new-name>", "its new name")
    .option("--dry-run", "change nothing; show what would be changed")
    .option("--force", "go on although changes wait to be committed")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (from: string, to: string, _, command: Command) => {
      const options: RenameOptions = command.optsWithGlobals();
      done(await rename(context, options, from, to));
    });
}

interface RenameOptions extends GlobalOptions {
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

async function rename(context: Context, options: RenameOptions, from: string, to: string) {
  const platform = await inspected(context, options);
  const [{ planRename }, { renameTodo }, { checkTreeClean }, { applyChanges }, { undisturbed }] = await Promise.all([
    import("../scaffold/plan-rename.ts"),
    import("../scaffold/rename-todo.ts"),
    import("../scaffold/dirty-tree.ts"),
    import("../scaffold/changes.ts"),
    import("../scaffold/undisturbed.ts"),
  ]);
  const { cwd, stdout } = context;
  const plan = planRename(platform, from, to);
  const dryRun = options.dryRun === true;
  if (!dryRun) {
    if (options.force !== true) checkTreeClean(platform.root);
    undisturbed(context, () => applyChanges(platform.root, plan));
  }
  const todo = renameTodo(plan, to, cwd, !dryRun);
  if (options.json === true) {
    const changed = plan.edits.map(({ file }) => file);
    writeJson(context, "modules rename", {
      module: to,
      from,
      dryRun,
      moved: [...plan.moves],
      changed,
      todo: [...todo],
    });
    return exitCode.fine;
  }
  if (dryRun) {
    const { changesDiff } = await import("../scaffold/changes-diff.ts");
    stdout.write(paintDiff(changesDiff(plan, cwd), createPaint(wantsColour(stdout, context.env))));
  } else {
    stdout.write(`renamed ${from} to ${to}, in ${count(plan.edits.length, "file")}\n`);
  }
  if (todo.length > 0) stdout.write(`\nLeft to do:\n\n${todo.join("\n\n")}\n`);
  return exitCode.fine;
}
