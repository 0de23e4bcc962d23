import type { MigrationStatus, ModulePlan } from "@plinth/database";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { reported } from "../migrations/reported.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { count } from "../output/problems.ts";
import { formatTable } from "../output/table.ts";
import type { GlobalOptions } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const details = `
Compares the migrations of all modules that use the database with what has been applied to it. Nothing is
changed. PGlite cannot be read while a platform is running on it.

With --json:
  { "version": 1, "database", "modules": [{ "module", "applied": [row], "pending": [file], "problems": [problem] }], "unknown" }
A row is { "number", "name", "appliedAt", "durationMs", "status" }, a problem as in "modules validate --json".
"unknown" names modules in the database that the platform does not have any more.

Examples:
  platformctl migrations status
  platformctl migrations status --set database.url=postgres://me@db.example.com/desk

Exit codes:
  0  fine, whether or not something is pending
  1  files and database contradict each other, or the database cannot be read
  2  the command line is wrong
`;

/** `platformctl migrations status`: what is applied and what is pending. */
export function addMigrationsStatusCommand(migrations: Command, context: Context, done: Done): void {
  migrations
    .command("status")
    .description("Show what is applied and pending, module by module.")
    .option("--json", "print JSON instead of a table")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: StatusOptions = command.optsWithGlobals();
      done(await reported(context, () => showStatus(context, options)));
    });
}

interface StatusOptions extends GlobalOptions, SettingsOptions {
  readonly json?: boolean;
}

async function showStatus(context: Context, options: StatusOptions) {
  const { migratedPlatform, problemsIn, statusOf } = await import("../migrations/migrated-platform.ts");
  const platform = await migratedPlatform(context, options);
  const status = await statusOf(platform);
  const problems = problemsIn(platform, status);
  const paint = createPaint(wantsColour(context.stdout, context.env));
  if (options.json === true) writeJson(context, "migrations status", jsonOf(status, platform.address));
  else context.stdout.write(textOf(status, paint));
  if (problems.length === 0) return exitCode.fine;
  context.stderr.write(`${count(problems.length, "problem")}; platformctl migrations verify shows what is wrong\n`);
  return exitCode.findings;
}

function jsonOf({ modules, unknown }: MigrationStatus, database: string) {
  return {
    database,
    modules: modules.map(({ module, applied, pending, problems }) => ({
      module,
      applied: applied.map(({ number, name, appliedAt, durationMs, status }) => ({
        number,
        name,
        appliedAt: appliedAt.toISOString(),
        durationMs,
        status,
      })),
      pending: pending.map(({ name }) => name),
      problems,
    })),
    unknown,
  };
}

function textOf({ modules, unknown }: MigrationStatus, paint: Paint): string {
  const shown = modules.filter(
    ({ applied, pending, problems }) => applied.length + pending.length + problems.length > 0,
  );
  const rows = shown.map((plan) => [
    plan.module,
    String(plan.applied.length || "-"),
    plan.pending.length === 0 ? "-" : paint.bold(String(plan.pending.length)),
    plan.applied.at(-1)?.name ?? "-",
    stateOf(plan, paint),
  ]);
  const head = ["MODULE", "APPLIED", "PENDING", "LAST APPLIED", "STATE"].map(paint.bold);
  const gone = unknown.map((name) => `${name} is in the database, but not a module of the platform any more\n`);
  return `${shown.length === 0 ? "no migrations\n" : formatTable([head, ...rows])}${gone.join("")}`;
}

function stateOf({ problems, pending }: ModulePlan, paint: Paint): string {
  if (problems.length > 0) return paint.red(count(problems.length, "problem"));
  return pending.length > 0 ? "pending" : paint.green("up to date");
}
