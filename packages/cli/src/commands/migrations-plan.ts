import type { MigrationFile } from "@plinth/database";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { reported } from "../migrations/reported.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { pathFrom } from "../output/place.ts";
import { count, formatProblems } from "../output/problems.ts";
import type { GlobalOptions } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const details = `
What "migrations apply" would run now, in its order, with the SQL. Nothing is changed, and no lock is taken.
Of a migration in code only the file is shown.

With --json: { "version": 1, "database", "migrations": [{ "module", "name", "path", "mode", "sql" }] }
"mode" is transaction, bare (without one) or repeatable; "sql" is null for a migration in code.

Examples:
  platformctl migrations plan
  platformctl migrations plan > review.sql

Exit codes:
  0  fine    1  files and database contradict each other, or it cannot be read    2  the command line is wrong
`;

/** `platformctl migrations plan`: what would be run, without running it. */
export function addMigrationsPlanCommand(migrations: Command, context: Context, done: Done): void {
  migrations
    .command("plan")
    .description("Show the SQL that would be run.")
    .option("--json", "print JSON instead of SQL")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: PlanOptions = command.optsWithGlobals();
      done(await reported(context, () => showPlan(context, options)));
    });
}

interface PlanOptions extends GlobalOptions, SettingsOptions {
  readonly json?: boolean;
}

async function showPlan(context: Context, options: PlanOptions) {
  const { migratedPlatform, problemsIn, statusOf } = await import("../migrations/migrated-platform.ts");
  const platform = await migratedPlatform(context, options);
  const status = await statusOf(platform);
  const pending = status.modules.flatMap((module) => module.pending);
  const paint = createPaint(wantsColour(context.stdout, context.env));
  const schemas = new Map(platform.modules.map(({ module, schema }) => [module, schema ?? "public"]));
  if (options.json === true) {
    writeJson(context, "migrations plan", { database: platform.address, migrations: pending.map(jsonOf) });
  } else {
    context.stdout.write(textOf(pending, schemas, context.cwd, paint));
  }
  const problems = problemsIn(platform, status);
  context.stderr.write(formatProblems(problems, context.cwd, createPaint(wantsColour(context.stderr, context.env))));
  return problems.length === 0 ? exitCode.fine : exitCode.findings;
}

function jsonOf({ module, name, path, mode, sql }: MigrationFile) {
  return { module, name, path, mode, sql: sql ?? null };
}

function textOf(
  pending: readonly MigrationFile[],
  schemas: ReadonlyMap<string, string>,
  cwd: string,
  paint: Paint,
): string {
  if (pending.length === 0) return paint.dim("-- nothing is pending\n");
  const texts = pending.map(({ module, name, path, mode, sql }) => {
    const how = mode === "transaction" ? "" : `, ${mode}`;
    const head = paint.dim(`-- ${module}: ${name} (schema ${schemas.get(module)}${how})`);
    return `${head}\n${sql === undefined ? paint.dim(`-- code: ${pathFrom(cwd, path)}`) : sql.trim()}\n`;
  });
  return `${texts.join("\n")}\n${paint.dim(`-- ${count(pending.length, "migration")}`)}\n`;
}
