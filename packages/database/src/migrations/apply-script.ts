import type { Connection, ScriptError } from "../connection.ts";
import { searchPath } from "../search-path.ts";
import { isConnectionLost } from "../sqlstate.ts";
import { insertApplied } from "./ledger.ts";
import type { MigrationFile } from "./migration-file.ts";
import { scanStatements } from "./sql-statements.ts";
import { type PlaceInFile, StatementFailed } from "./statement-failed.ts";
import { offsetOfCharacter, positionAt } from "./text-position.ts";

/** Begins the transaction of a migration. Three statements. */
export function beginMigration(schema: string, lockTimeoutMs: number): string {
  return `begin;set local search_path to ${searchPath(schema)};set local lock_timeout to ${lockTimeoutMs};`;
}
const statementsOfBegin = 3;

/**
 * Applies an SQL migration: transaction, statements, ledger row and commit are one message, so that a
 * migration costs one round trip. When it fails it is rolled back.
 *
 * @throws StatementFailed; the driver's error when the connection was lost.
 */
export async function applyScript(
  connection: Connection,
  file: MigrationFile,
  schema: string,
  lockTimeoutMs: number,
): Promise<void> {
  const sql = file.sql ?? "";
  const begin = beginMigration(schema, lockTimeoutMs);
  // The line break ends a comment in the file's last line.
  const message = `${begin}${sql}\n;${insertApplied(file)};commit`;
  try {
    await connection.script(message);
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    await connection.script("rollback");
    throw new StatementFailed(error, placeOf(error, message, begin, sql));
  }
}

/** The server tells the character at which it stumbled, or else how many statements it had done before. */
function placeOf(error: unknown, message: string, begin: string, sql: string): PlaceInFile | undefined {
  const character = Number((error as { readonly position?: unknown }).position);
  if (character > 0) {
    const offset = offsetOfCharacter(message, character) - begin.length;
    return offset >= 0 && offset <= sql.length ? positionAt(sql, offset) : undefined;
  }
  const { completed } = error as ScriptError;
  if (completed === undefined) return undefined;
  const statement = scanStatements(sql).statements?.[completed - statementsOfBegin];
  return statement === undefined ? undefined : positionAt(sql, statement.start);
}
