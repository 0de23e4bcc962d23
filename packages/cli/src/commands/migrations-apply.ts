import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import type { MigrationOutcome } from "../migrations/apply-migrations.ts";
import { reported } from "../migrations/reported.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { count, formatProblems } from "../output/problems.ts";
import { formatTable } from "../output/table.ts";
import type { GlobalOptions } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const details = `
Runs what is pending, as the start of the platform would: under the lock that one process has at a time,
modules that others depend on first. Nothing runs while something is wrong with the platform. Ctrl-C rolls
back the migration that is running; those before it stay.

With --json: { "version": 1, "ok", "database", "modules": [{ "module", "applied": [file], "problems": [problem] }] }
with the modules for which something was pending or went wrong.

Examples:
  platformctl migrations apply
  platformctl migrations apply --set database.url=postgres://owner@db.example.com/desk

Exit codes:
  0  everything is applied    1  something failed    2  the command line is wrong
`;

/** `platformctl migrations apply`: brings the database up to date without starting the platform. */
export function addMigrationsApplyCommand(migrations: Command, context: Context, done: Done): void {
  migrations
    .command("apply")
    .description("Run what is pending.")
    .option("--json", "print JSON instead of text")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: ApplyOptions = command.optsWithGlobals();
      done(await reported(context, () => apply(context, options)));
    });
}

interface ApplyOptions extends GlobalOptions, SettingsOptions {
  readonly json?: boolean;
}

async function apply(context: Context, options: ApplyOptions) {
  const [{ migratedPlatform }, { applyMigrations }] = await Promise.all([
    import("../migrations/migrated-platform.ts"),
    import("../migrations/apply-migrations.ts"),
  ]);
  const platform = await migratedPlatform(context, options);
  const modules = await applyMigrations(platform, context);
  const ok = modules.every(({ problems }) => problems.length === 0);
  const paint = createPaint(wantsColour(context.stdout, context.env));
  if (options.json === true) writeJson(context, "migrations apply", { ok, database: platform.address, modules });
  else context.stdout.write(textOf(modules, paint));
  if (!ok && options.json !== true) {
    const problems = [...new Set(modules.flatMap((module) => module.problems))];
    context.stderr.write(formatProblems(problems, context.cwd, createPaint(wantsColour(context.stderr, context.env))));
  }
  return ok ? exitCode.fine : exitCode.findings;
}

function textOf(modules: readonly MigrationOutcome[], paint: Paint): string {
  const applied = modules.flatMap((module) => module.applied);
  const rows = modules.flatMap(({ module, applied }) => applied.map((name) => [module, name]));
  const failed = modules.filter(({ problems }) => problems.length > 0).map(({ module }) => module);
  const what = applied.length === 0 ? "nothing was applied" : `${count(applied.length, "migration")} applied`;
  const summary =
    failed.length > 0
      ? paint.red(`${what}; not up to date: ${failed.join(", ")}`)
      : paint.green(applied.length === 0 ? "everything is applied already" : what);
  return `${formatTable(rows)}${summary}\n`;
}
