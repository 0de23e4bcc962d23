import type { Connection } from "../connection.ts";
import { setSearchPath } from "../search-path.ts";
import { isConnectionLost, sqlState } from "../sqlstate.ts";
import { manyApplied } from "./ledger.ts";
import type { MigrationFile } from "./migration-file.ts";
import { changesSession } from "./session.ts";

const mostFiles = 25;
const mostCharacters = 256 * 1024;

/**
 * The migrations at the beginning of a list that can be sent together: SQL in transactions, which
 * leave the connection as it was. At most as many as keep one message reasonably small.
 */
export function batchOf(pending: readonly MigrationFile[]): readonly MigrationFile[] {
  let characters = 0;
  const end = pending.slice(0, mostFiles).findIndex(({ sql, mode }) => {
    characters += sql?.length ?? 0;
    return sql === undefined || mode !== "transaction" || characters > mostCharacters || changesSession(sql);
  });
  return pending.slice(0, end < 0 ? mostFiles : end);
}

/**
 * Sends several migrations as one message, each a transaction of its own with its ledger row.
 *
 * @returns whether all were applied. If not, those before the first that failed were, and the rest
 *   were not begun: the ledger tells which.
 * @throws the driver's error when the connection was lost.
 */
export async function applyBatch(
  connection: Connection,
  files: readonly MigrationFile[],
  schema: string,
  lockTimeoutMs: number,
): Promise<boolean> {
  // The line break ends a comment in a file's last line.
  const each = files.map((file) => `begin;${file.sql}\n;${manyApplied.insert(file)};commit`);
  const begin = [setSearchPath(schema), `set lock_timeout to ${lockTimeoutMs}`, manyApplied.prepare];
  try {
    await connection.script([...begin, ...each, manyApplied.end].join(";"));
    return true;
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    await connection.script("rollback");
    await connection.script(manyApplied.end).catch(rethrowUnlessMissing);
    return false;
  }
}

/** A message that PostgreSQL could not read at all has prepared nothing. */
function rethrowUnlessMissing(error: unknown): void {
  if (sqlState(error) !== "26000") throw error;
}
