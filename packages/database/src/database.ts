import { type ServiceRef, service } from "@plinth/module";
import type { Kysely } from "kysely";
import type { AnyRow, StatementResult } from "./connection.ts";

/** What a module can do with the database, inside a transaction or outside. */
export interface Queries {
  /**
   * Runs one statement; `$1` stands for the first parameter. Unqualified names of tables mean those of
   * the module, then those of `public`; another module's table is `"other_module".table`. Rejects with
   * the driver's error, whose `code` is the SQLSTATE.
   */
  query<Row = AnyRow>(sql: string, parameters?: readonly unknown[]): Promise<StatementResult<Row>>;
  /**
   * The query builder, bound to the module's schema.
   *
   * @typeParam Tables the tables by name, each with the type of its rows.
   */
  kysely<Tables>(): Kysely<Tables>;
}

/** How a transaction sees what others do meanwhile. */
export interface TransactionOptions {
  /** Default: the server's, which is `read committed`. */
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
}

/** The database as one module sees it: its own schema, on the connections that all modules share. */
export interface Database extends Queries {
  /** The module's schema: its name with underscores for hyphens. */
  readonly schema: string;
  /**
   * Calls `work` with a transaction, which is committed when the promise resolves and rolled back when
   * it rejects. Inside, only what `work` is given belongs to the transaction.
   */
  transaction<T>(work: (transaction: Queries) => Promise<T>, options?: TransactionOptions): Promise<T>;
}

/** The database: each module that requires it gets its own view. */
export const Database: ServiceRef<Database> = service<Database>("database.database");
