import { pathToFileURL } from "node:url";
import { type Logger, platformError } from "@plinth/module";
import type { AnyRow, Connection, HeldConnection, TaggedResult } from "../connection.ts";
import { kyselyOver } from "../kysely-dialect.ts";
import { isConnectionLost } from "../sqlstate.ts";
import { beginMigration } from "./apply-script.ts";
import { insertApplied } from "./ledger.ts";
import type { Migration, MigrationContext } from "./migration-context.ts";
import type { MigrationFile } from "./migration-file.ts";
import { StatementFailed } from "./statement-failed.ts";
import { findTransactionControl } from "./transaction-control.ts";

/** The surroundings of a migration written in code. */
export interface CodeSurroundings {
  readonly schema: string;
  readonly lockTimeoutMs: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Imports a migration written in code and calls it inside a transaction, which also gets the ledger
 * row. When it fails it is rolled back.
 *
 * @throws StatementFailed; PlatformError `MIGRATIONS_NO_DEFAULT` or `MIGRATIONS_TRANSACTION_CONTROL`;
 *   the driver's error when the connection was lost.
 */
export async function applyCode(connection: Connection, file: MigrationFile, around: CodeSurroundings): Promise<void> {
  const migrate = await importMigration(file);
  const { schema, log, signal } = around;
  const guarded = guard(connection, file);
  const context: MigrationContext = {
    schema,
    log,
    signal,
    query: guarded.query,
    kysely: () => kyselyOver(async () => guarded, schema),
  };
  await connection.script(beginMigration(schema, around.lockTimeoutMs));
  try {
    await migrate(context);
    signal.throwIfAborted();
    guarded.close();
    await connection.script(`${insertApplied(file)};commit`);
  } catch (error) {
    guarded.close();
    if (isConnectionLost(error)) throw error;
    await connection.script("rollback");
    throw new StatementFailed(error);
  }
}

async function importMigration({ module, name, path, load }: MigrationFile): Promise<Migration> {
  const imported: { readonly default?: unknown } = await (load?.() ?? import(pathToFileURL(path).href));
  if (typeof imported.default !== "function") {
    throw platformError("MIGRATIONS_NO_DEFAULT", { module, file: name }, { at: [{ file: path }] });
  }
  return imported.default as Migration;
}

interface GuardedConnection extends HeldConnection {
  /** After this, statements are refused: the transaction is over. */
  close(): void;
}

/** The connection as the migration's code may use it: the transaction stays in our hands. */
function guard(connection: Connection, { module, name, path }: MigrationFile): GuardedConnection {
  let open = true;
  const check = (sql: string) => {
    if (!open) throw platformError("DATABASE_NOT_OPEN", { module });
    const control = findTransactionControl(sql);
    if (control === undefined) return;
    const values = { module, file: name, statement: control.words.join(" ").toUpperCase() };
    throw platformError("MIGRATIONS_TRANSACTION_CONTROL", values, { at: [{ file: path }] });
  };
  return {
    processId: connection.processId,
    async query<Row = AnyRow>(sql: string, parameters?: readonly unknown[]): Promise<TaggedResult<Row>> {
      check(sql);
      return connection.query<Row>(sql, parameters);
    },
    async script(sql) {
      check(sql);
      return connection.script(sql);
    },
    release() {},
    discard() {},
    close() {
      open = false;
    },
  };
}
