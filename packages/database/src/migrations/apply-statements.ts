import { type Clock, platformError } from "@plinth/module";
import type { Connection } from "../connection.ts";
import { setSearchPath } from "../search-path.ts";
import { literal } from "../sql-text.ts";
import { isConnectionLost } from "../sqlstate.ts";
import { markApplied, markRunning, unmark } from "./ledger.ts";
import type { MigrationFile } from "./migration-file.ts";
import { scanStatements } from "./sql-statements.ts";
import { StatementFailed } from "./statement-failed.ts";
import { positionAt } from "./text-position.ts";

/**
 * Applies an SQL migration outside a transaction, statement by statement. Before each one the ledger
 * notes durably that it begins, so that an interrupted run leaves a mark that says where. A file of a
 * single statement leaves no mark when that statement fails, for then nothing took effect.
 *
 * @throws StatementFailed; PlatformError `MIGRATIONS_INVALID_INDEX`; the driver's error when the
 *   connection was lost.
 */
export async function applyStatements(
  connection: Connection,
  file: MigrationFile,
  schema: string,
  clock: Clock,
): Promise<void> {
  const sql = file.sql ?? "";
  const statements = scanStatements(sql).statements ?? [];
  const isSingle = statements.length === 1;
  const began = clock.now();
  await connection.script(setSearchPath(schema));
  for (const [index, { start, end }] of statements.entries()) {
    await connection.script(markRunning(file, index + 1));
    try {
      await connection.script(sql.slice(start, end));
    } catch (error) {
      if (isConnectionLost(error)) throw error;
      if (isSingle) await connection.script(unmark(file));
      throw new StatementFailed(error, positionAt(sql, start));
    }
  }
  const invalid = await invalidIndexes(connection, file, schema);
  if (invalid.length > 0) {
    if (isSingle) await connection.script(unmark(file));
    const values = { module: file.module, file: file.name, indexes: invalid.join(", ") };
    throw platformError("MIGRATIONS_INVALID_INDEX", values, { at: [{ file: file.path }] });
  }
  await connection.script(markApplied(file, clock.now() - began));
}

/** The indexes of the schema that are not valid and that the file speaks of; others may be just being built. */
async function invalidIndexes(
  connection: Connection,
  { sql = "" }: MigrationFile,
  schema: string,
): Promise<readonly string[]> {
  const [result] = await connection.script(`
    select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
    where not i.indisvalid and n.nspname = ${literal(schema)} order by c.relname`);
  return (result?.rows ?? []).map(({ name }) => String(name)).filter((name) => sql.includes(name));
}
