import { type ServiceRef, service } from "@plinth/module";
import type { Kysely } from "kysely";
import type { AnyRow, NotificationListener, StatementResult } from "./connection.ts";

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
  /**
   * Calls `listener` with the payload of each notification on a channel (`notify channel, 'payload'`)
   * that anybody commits, in this process or another, until the returned function is called. All
   * modules share one connection for it. It is no queue: what is sent while that connection is lost
   * is missed, and the listener is told so, by `undefined`, once the connection is there.
   */
  listen(channel: string, listener: NotificationListener): () => void;
  /** Resolves when the platform's run of the migrations of all modules has ended, whether or not each succeeded. */
  migrated(): Promise<void>;
}

/** The database: each module that requires it gets its own view. */
export const Database: ServiceRef<Database> = service<Database>("database.database");
