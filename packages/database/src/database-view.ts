import { CompiledQuery, type Kysely, type Transaction } from "kysely";
import type { AnyRow, ConnectionLender, StatementResult } from "./connection.ts";
import type { Database, Queries, TransactionOptions } from "./database.ts";
import { kyselyOver } from "./kysely-dialect.ts";

/**
 * The database as one module sees it.
 *
 * @param pool gives the open pool; throws while there is none.
 * @param migrated resolves when the run of the migrations has ended. Default: there is none to wait for.
 */
export function databaseView(
  owner: { readonly name: string; readonly schema: string },
  pool: () => ConnectionLender,
  migrated: () => Promise<void> = async () => {},
): Database {
  const builder = kyselyOver<unknown>(async () => pool().acquire(owner), owner.schema);
  return {
    schema: owner.schema,
    kysely: <Tables>() => builder as Kysely<Tables>,
    async query<Row = AnyRow>(sql: string, parameters?: readonly unknown[]) {
      const connection = await pool().acquire(owner);
      try {
        return await connection.query<Row>(sql, parameters);
      } finally {
        connection.release();
      }
    },
    transaction<T>(work: (transaction: Queries) => Promise<T>, { isolation }: TransactionOptions = {}) {
      const transaction = builder.transaction();
      const isolated = isolation === undefined ? transaction : transaction.setIsolationLevel(isolation);
      return isolated.execute((inside) => work(queriesOf(inside)));
    },
    listen: (channel, listener) => pool().listen(channel, listener),
    migrated: async () => migrated(),
  };
}

function queriesOf(transaction: Transaction<unknown>): Queries {
  return {
    kysely: <Tables>() => transaction as unknown as Kysely<Tables>,
    async query<Row = AnyRow>(sql: string, parameters: readonly unknown[] = []): Promise<StatementResult<Row>> {
      const result = await transaction.executeQuery<Row>(CompiledQuery.raw(sql, [...parameters]));
      const rowCount = result.numAffectedRows === undefined ? result.rows.length : Number(result.numAffectedRows);
      return { rows: result.rows, rowCount };
    },
  };
}
