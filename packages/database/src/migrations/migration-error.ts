import { PlatformError, platformError } from "@plinth/module";
import { reasonOf, sqlState } from "../sqlstate.ts";
import type { MigrationFile } from "./migration-file.ts";
import { StatementFailed } from "./statement-failed.ts";

const hints: Readonly<Record<string, string>> = {
  "25001": "Put the statement into a file of its own that begins with -- plinth: no-transaction.",
  "25006": "The database is read-only: let database.url name the primary server.",
  "42501": "Give the user of database.url the right that is missing.",
  "53100": "Free space on the disk of the database server, then start again.",
  "57014": "Raise database.migrations.statementTimeout, or divide the migration into smaller ones.",
};

const otherHint = "Mend the migration and start again; what it had done was rolled back.";
const codeHint = "Mend the code that threw and start again; what it had done was rolled back.";

/** What to do about an error of a migration. */
function hintFor(error: unknown): string {
  const state = sqlState(error);
  return state === undefined ? codeHint : (hints[state] ?? otherHint);
}

/** ` (SQLSTATE 42601)`, or nothing for an error that has none. */
function stateSuffix(error: unknown): string {
  const state = sqlState(error);
  return state === undefined ? "" : ` (SQLSTATE ${state})`;
}

/** Why a migration failed, and where in its file. An error that is one of the platform's stays as it is. */
export function migrationError(file: MigrationFile, thrown: unknown): PlatformError {
  const { module, name, path } = file;
  const error = thrown instanceof StatementFailed ? thrown.cause : thrown;
  const place = thrown instanceof StatementFailed ? thrown.place : undefined;
  if (error instanceof PlatformError) return error;
  const values = { module, file: name, reason: reasonOf(error), state: stateSuffix(error), hint: hintFor(error) };
  return platformError("MIGRATIONS_FAILED", values, { at: [{ file: path, ...place }], cause: error });
}

/** Why the ledger could not be made ready or read. */
export function ledgerError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  const values = { reason: reasonOf(error), state: stateSuffix(error), hint: ledgerHint(error) };
  return platformError("MIGRATIONS_LEDGER", values, { cause: error });
}

function ledgerHint(error: unknown): string {
  const state = sqlState(error);
  if (state === "42501") {
    return "Let the user of database.url create schemas in the database, or create them for it: plinth, and one for each module.";
  }
  return hints[state ?? ""] ?? "Look at the cause below, and at the log of the database server.";
}
