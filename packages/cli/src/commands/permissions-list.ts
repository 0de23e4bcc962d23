import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { inspected, mentionProblems } from "../inspected.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { formatTable } from "../output/table.ts";
import type { ListedPermission } from "../permissions/listed-permissions.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
Shows every permission that a module declares, with the heading that people see it under, the version
of the module that introduced it, and what became of those that are old. No code of a module is run.

With --json: { "version": 1, "permissions": [...] }, each with
  code, module   the full code, as grants and checks name it, and who declares it
  description, group, since    null where the manifest says none
  replacedBy     the full code of the successor, or null
  current        the code that decides in its place; its own where nothing has replaced it
  retired        true, or the version that retired it; else false
  expired        whether the major version that retired it is over, so that checks are refused
  at             { file, line, column } of the declaration; null for one that is part of the code

Examples:
  platformctl permissions list
  platformctl permissions list --module tickets
  platformctl permissions list --json

Exit codes:
  0  the list is complete    1  something is wrong with the platform    2  the command line is wrong
`;

/** `platformctl permissions list`: what can be granted. */
export function addPermissionsListCommand(permissions: Command, context: Context, done: Done): void {
  permissions
    .command("list")
    .description("Show the permissions that modules declare.")
    .option("--module <name>", "only those of one module")
    .option("--json", "print JSON instead of a table")
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: ListOptions = command.optsWithGlobals();
      done(await listPermissions(context, options));
    });
}

interface ListOptions extends GlobalOptions {
  readonly module?: string;
  readonly json?: boolean;
}

async function listPermissions(context: Context, options: ListOptions) {
  const [{ modules, problems }, { findModule }] = await Promise.all([
    inspected(context, options),
    import("../find-module.ts"),
  ]);
  const only = options.module === undefined ? undefined : findModule(modules, options.module).manifest.name;
  const { listedPermissions } = await import("../permissions/listed-permissions.ts");
  const listed = listedPermissions(modules).filter(({ module }) => only === undefined || module === only);
  const paint = createPaint(wantsColour(context.stdout, context.env));
  if (options.json === true) writeJson(context, "permissions list", { permissions: listed });
  else context.stdout.write(tableOf(listed, paint));
  mentionProblems(context, { problems });
  return problems.length === 0 ? exitCode.fine : exitCode.findings;
}

function tableOf(listed: readonly ListedPermission[], paint: Paint): string {
  if (listed.length === 0) return "no permissions\n";
  const head = ["CODE", "GROUP", "SINCE", "DESCRIPTION"].map(paint.bold);
  return formatTable([
    head,
    ...listed.map((one) => [one.code, one.group ?? "-", one.since ?? "-", descriptionOf(one, paint)]),
  ]);
}

function descriptionOf({ description, replacedBy, retired, expired }: ListedPermission, paint: Paint): string {
  const became = [
    ...(replacedBy === null ? [] : [`replaced by ${replacedBy}`]),
    ...(retired === false ? [] : [retired === true ? "retired" : `retired in ${retired}`]),
    ...(expired ? ["refused"] : []),
  ];
  const text = description ?? "";
  return became.length === 0 ? text : `${text}${text === "" ? "" : " "}${paint.dim(`(${became.join(", ")})`)}`;
}
