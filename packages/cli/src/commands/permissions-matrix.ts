import type { GrantMatrix } from "@plinth/grants";
import { type Command, Option } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { inspected, mentionProblems } from "../inspected.ts";
import { reported } from "../migrations/reported.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { csvOf, jsonOf, markdownOf, tableOf } from "../permissions/format-matrix.ts";
import type { GlobalOptions } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const details = `
Lays the roles in the database out against the permissions that modules declare. A cell says allow
where a pattern of the role fits the code, deny where one denies it, which outweighs what other roles
allow, and nothing otherwise. Codes that are replaced or refused have no line; grants under an old
code count for the one that has its place.

The roles are read from the database of the settings and from nowhere else: of a platform that has
never run there are none. Nothing is changed. PGlite cannot be read while a platform is running on it.

With --json, or --format json: { "version": 1, "roles": [name], "permissions": [{ "code", "module", "group", "description",
"roles": { name: "allow" or "deny" } }], "unused": [{ "role", "pattern" }] }; a role that says nothing
about a permission is left out there. "unused" are patterns that fit none of the permissions.

Examples:
  platformctl permissions matrix
  platformctl permissions matrix --format markdown > docs/roles.md
  platformctl permissions matrix --format csv --set database.url=postgres://me@db.example.com/desk

Exit codes:
  0  fine
  1  something is wrong with the platform, or the database cannot be read or holds no grants
  2  the command line is wrong
`;

const formats = ["table", "markdown", "csv", "json"] as const;
const renderers = { table: tableOf, markdown: markdownOf, csv: csvOf } as const;

/** `platformctl permissions matrix`: which role may do what. */
export function addPermissionsMatrixCommand(permissions: Command, context: Context, done: Done): void {
  permissions
    .command("matrix")
    .description("Show roles by permissions, from the database.")
    .addOption(new Option("--format <format>", "how to print it").choices(formats).default("table"))
    .option("--json", "the same as --format json")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: MatrixOptions = command.optsWithGlobals();
      done(await reported(context, () => showMatrix(context, options)));
    });
}

interface MatrixOptions extends GlobalOptions, SettingsOptions {
  readonly format: (typeof formats)[number];
  readonly json?: boolean;
}

async function showMatrix(context: Context, options: MatrixOptions) {
  const inspection = await inspected(context, options);
  const { readMatrix } = await import("../permissions/read-matrix.ts");
  const matrix: GrantMatrix = await readMatrix(inspection);
  const format = options.json === true ? "json" : options.format;
  if (format === "json") {
    writeJson(context, "permissions matrix", jsonOf(matrix));
  } else {
    const paint = createPaint(wantsColour(context.stdout, context.env));
    context.stdout.write(renderers[format](matrix, paint));
    for (const { role, pattern } of matrix.unused) {
      context.stderr.write(`the pattern ${pattern} of role ${role} fits no permission\n`);
    }
  }
  mentionProblems(context, inspection);
  return inspection.problems.length === 0 ? exitCode.fine : exitCode.findings;
}
