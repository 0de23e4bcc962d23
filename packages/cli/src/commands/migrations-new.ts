import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { inspected } from "../inspected.ts";
import { writeJson } from "../output/json.ts";
import { pathFrom } from "../output/place.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
Writes an empty migration with the module's next number. Two at the same time get two numbers. The file
must get a statement before the platform starts.

With --json: { "version": 1, "module", "number", "file" }, the file absolute.

Examples:
  platformctl migrations new tickets "add due date"      writes migrations/0004_add_due_date.sql
  platformctl migrations new tickets backfill --code     writes TypeScript instead of SQL

Exit codes:
  0  it is written    2  the command line is wrong, or nothing can be written there
`;

/** `platformctl migrations new`: a migration with the next number. */
export function addMigrationsNewCommand(migrations: Command, context: Context, done: Done): void {
  migrations
    .command("new")
    .description("Write an empty migration with the next number.")
    .argument("<module>", "the module that it is for")
    .argument("<name>", "what it does, in a few words")
    .option("--code", "write TypeScript instead of SQL")
    .option("--json", "print JSON instead of the file's name")
    .addHelpText("after", details)
    .action(async (module: string, name: string, _, command: Command) => {
      const options: NewOptions = command.optsWithGlobals();
      done(await writeNew(context, options, module, name));
    });
}

interface NewOptions extends GlobalOptions {
  readonly code?: boolean;
  readonly json?: boolean;
}

async function writeNew(context: Context, options: NewOptions, module: string, name: string) {
  const [{ modules }, { findModule }, { newMigration }] = await Promise.all([
    inspected(context, options),
    import("../find-module.ts"),
    import("../migrations/new-migration.ts"),
  ]);
  const written = await newMigration(findModule(modules, module), name, options.code === true ? "ts" : "sql");
  if (options.json === true) writeJson(context, "migrations new", { module, ...written });
  else context.stdout.write(`${pathFrom(context.cwd, written.file)}\n`);
  return exitCode.fine;
}
