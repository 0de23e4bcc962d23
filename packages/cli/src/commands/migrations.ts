import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { addMigrationsApplyCommand } from "./migrations-apply.ts";
import { addMigrationsNewCommand } from "./migrations-new.ts";
import { addMigrationsPlanCommand } from "./migrations-plan.ts";
import { addMigrationsStatusCommand } from "./migrations-status.ts";
import { addMigrationsVerifyCommand } from "./migrations-verify.ts";

/** The group `platformctl migrations`. */
export function addMigrationsCommands(program: Command, context: Context, done: Done): void {
  const migrations = program.command("migrations").description("Look at the migrations of a platform, and run them.");
  addMigrationsStatusCommand(migrations, context, done);
  addMigrationsPlanCommand(migrations, context, done);
  addMigrationsVerifyCommand(migrations, context, done);
  addMigrationsApplyCommand(migrations, context, done);
  addMigrationsNewCommand(migrations, context, done);
}
