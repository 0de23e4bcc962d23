import path from "node:path";
import type { PlatformError } from "@plinth/module";
import type { Inspection } from "@plinth/platform";
import { type Command, Option } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { count, formatProblems } from "../output/problems.ts";
import { type GlobalOptions, rootOf } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const formats = ["text", "json", "github", "sarif"] as const;

const details = `
Reads platform.yaml, the manifests of all modules and what they name, and reports everything that is
wrong in one run: manifests, missing and circular dependencies, versions, migrations, permissions and
settings; and in the code, imports and services of modules that are not declared, imports past a public
entry, declared dependencies that are not used, and permissions that no module declares. No code is run, and
nothing is changed.

Where the database can be looked at, migrations are held against it too: those that were edited after they had
been applied, that came too late or were interrupted, and a database that is newer than the code. It is waited
for no longer than 2 s, and a folder of PGlite that a running platform has is left alone; a line on a terminal
says so. With --database a database that cannot be looked at is a problem; --no-database leaves it out.

With --json, or --format json: { "version": 1, "ok": false, "problems": [{ "code", "message", "fix", "at": [{ "file", "line", "column" }] }],
"database": null }
Files are absolute there; lines and columns count from 1 and are left out where there are none. "database" says
why the database was not looked at, and is null where it was or need not be.

For continuous integration: --format github prints commands of GitHub Actions, which shows the problems
beside the lines of a pull request; --format sarif prints a SARIF 2.1.0 log. Paths in both are relative
to GITHUB_WORKSPACE, or to the current folder.

Examples:
  platformctl modules validate
  platformctl modules validate --json
  platformctl modules validate --format github
  platformctl modules validate --format sarif > modules.sarif
  platformctl modules validate --set http.port=8081     would this setting be accepted?
  platformctl modules validate --database               in a pipeline that has the database at hand

Exit codes:
  0  nothing is wrong    1  there are problems    2  the command line is wrong
`;

/** `platformctl modules validate`: everything that is wrong with a platform, without running it. */
export function addModulesValidateCommand(modules: Command, context: Context, done: Done): void {
  modules
    .command("validate")
    .description("Check the modules and the settings of a platform.")
    .addOption(new Option("--format <format>", "how to print what is wrong").choices(formats).default("text"))
    .option("--json", "the same as --format json")
    .option("--database", "a database that cannot be looked at is a problem")
    .option("--no-database", "do not look at the database")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: ValidateOptions = command.optsWithGlobals();
      done(await validateModules(context, options));
    });
}

/** Sources that cannot be read are found with the imports; a permission that nobody uses yet is no mistake. */
const leftToPermissionsCheck: ReadonlySet<string> = new Set(["PERMISSION_SOURCE", "PERMISSION_UNUSED"]);

interface ValidateOptions extends GlobalOptions, SettingsOptions {
  readonly json?: boolean;
  readonly format: (typeof formats)[number];
  /** `undefined`: as far as that is possible. */
  readonly database?: boolean;
}

async function validateModules(context: Context, options: ValidateOptions) {
  const root = await rootOf(context, options);
  const { inspectPlatform } = await import("@plinth/platform");
  const inspection = await inspectPlatform({ root, env: context.env, set: options.set ?? [] });
  const { modules } = inspection;
  const drift = await driftOf(inspection, root, context, options);
  const [{ checkImports }, { usesMemory }, { checkPermissions }] = await Promise.all([
    import("../imports/check-imports.ts"),
    import("../imports/uses-memory.ts"),
    import("../permissions/check-permissions.ts"),
  ]);
  const imports = await checkImports(modules, usesMemory(root, context.cache));
  const permissions = checkPermissions(root, modules).problems.filter(({ code }) => !leftToPermissionsCheck.has(code));
  const problems = [...inspection.problems, ...imports, ...permissions, ...drift.problems];
  const ok = problems.length === 0;
  const workspace = path.resolve(context.cwd, context.env.GITHUB_WORKSPACE || ".");
  if (options.json === true || options.format === "json") {
    writeJson(context, "modules validate", { ok, problems, database: drift.notLooked ?? null });
  } else context.stdout.write(await render(options.format));
  if (drift.notLooked !== undefined && context.stdout.isTTY === true) {
    context.stderr.write(`the database was not looked at: ${drift.notLooked}\n`);
  }
  return ok ? exitCode.fine : exitCode.findings;

  async function render(format: Exclude<ValidateOptions["format"], "json">): Promise<string> {
    switch (format) {
      case "github":
        return (await import("../output/github.ts")).formatGithub(problems, workspace);
      case "sarif": {
        const [{ formatSarif }, { ownVersion }] = await Promise.all([
          import("../output/sarif.ts"),
          import("../own-version.ts"),
        ]);
        return formatSarif(problems, { workspace, version: ownVersion(), fallback: path.join(root, "platform.yaml") });
      }
      case "text":
        return textOf(problems, modules.length, context);
    }
  }
}

async function driftOf(inspection: Inspection, root: string, { leaveBundle }: Context, { database }: ValidateOptions) {
  if (database === false) return { problems: [], notLooked: undefined };
  const { findDrift } = await import("../migrations/find-drift.ts");
  return findDrift(inspection, { root, isNeeded: database === true, beforeOpen: () => leaveBundle?.() });
}

function textOf(problems: readonly PlatformError[], modules: number, context: Context): string {
  const paint = createPaint(wantsColour(context.stdout, context.env));
  if (problems.length === 0) return `${paint.green(`${count(modules, "module")}, no problems`)}\n`;
  const summary = paint.red(`${count(problems.length, "problem")} in ${count(modules, "module")}`);
  return `${formatProblems(problems, context.cwd, paint)}\n${summary}\n`;
}
