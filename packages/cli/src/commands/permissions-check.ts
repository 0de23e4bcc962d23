import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { inspected, mentionProblems } from "../inspected.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { placeFrom } from "../output/place.ts";
import { count, formatProblems } from "../output/problems.ts";
import type { PermissionCheck } from "../permissions/check-permissions.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
Holds the sources of a platform against its manifests: every permission that code asks for is
declared, and every declared one that is in use is asked for somewhere. Nothing is run.

What is seen in the sources:
  Permission.TicketClose           a member of the constants of a module.gen.ts, wherever it stands
  { permission: ... }              in the options of a call, as of http.get; also in config.access
  x.can(who, ...), x.require(who, ...), missingPermission(...)
where ... is a constant, a text, a condition of these, or a name for one of them at the top of this
file or of one that is imported. What only running the code would tell, such as a code that is put
together or is handed in as a parameter, is counted and not checked; --json says where it stands.

Read are the files below the platform's folder and below its modules, in TypeScript and JavaScript,
but no tests, fixtures, generated files, hidden folders, dist, build, coverage and node_modules.
The constants are taken from the manifests, so a generated file may be out of date or missing.

With --json:
  { "version": 1, "ok", "problems", "deprecated": [{ "code", "current", "at" }], "computed": [place], "files", "uses" }
Problems are as in "modules validate --json", places { "file", "line", "column" } with absolute files.
"deprecated" are uses of codes that are replaced or retired and still work: they are no problems yet.

Examples:
  platformctl permissions check
  platformctl permissions check --json

Exit codes:
  0  code and manifests agree    1  they do not    2  the command line is wrong
`;

/** `platformctl permissions check`: whether code and manifests agree. */
export function addPermissionsCheckCommand(permissions: Command, context: Context, done: Done): void {
  permissions
    .command("check")
    .description("Find permissions that code asks for and nobody declares, and the other way round.")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: CheckOptions = command.optsWithGlobals();
      done(await check(context, options));
    });
}

interface CheckOptions extends GlobalOptions {
  readonly json?: boolean;
}

async function check(context: Context, options: CheckOptions) {
  const { root, modules, problems } = await inspected(context, options);
  const { checkPermissions } = await import("../permissions/check-permissions.ts");
  const found = checkPermissions(root, modules);
  const own = problems.filter(({ code }) => code.startsWith("PERMISSION_"));
  const checked = { ...found, problems: [...own, ...found.problems] };
  if (options.json === true) writeJson(context, "permissions check", jsonOf(checked));
  else context.stdout.write(textOf(checked, context));
  mentionProblems(context, { problems: problems.filter((problem) => !own.includes(problem)) });
  return checked.problems.length === 0 && problems.length === 0 ? exitCode.fine : exitCode.findings;
}

function jsonOf({ problems, deprecated, computed, files, uses }: PermissionCheck) {
  const old = deprecated.map(({ permission: { code, current }, at }) => ({ code, current, at }));
  const ok = problems.length === 0;
  return { ok, problems, deprecated: old, computed, files, uses };
}

function textOf({ problems, deprecated, computed, files, uses }: PermissionCheck, context: Context): string {
  const { cwd } = context;
  const paint = createPaint(wantsColour(context.stdout, context.env));
  const list = problems.length === 0 ? "" : `${formatProblems(problems, cwd, paint)}\n`;
  const old = deprecated.map(({ permission: { code, current }, at }) => {
    const instead = current === code ? "" : `: ask for ${current} instead`;
    return `${placeFrom(cwd, at)}  ${code} is deprecated${instead}\n`;
  });
  const looked = `${count(uses, "use")} in ${count(files, "file")}`;
  const unseen = computed.length === 0 ? "" : `, ${computed.length} of them computed and not checked`;
  const summary =
    problems.length === 0
      ? paint.green(`${looked}${unseen}, no problems`)
      : paint.red(`${count(problems.length, "problem")} in ${looked}${unseen}`);
  return `${list}${old.join("")}${old.length === 0 ? "" : "\n"}${summary}\n`;
}
