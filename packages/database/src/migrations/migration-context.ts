import type { Logger } from "@plinth/module";
import type { Kysely } from "kysely";
import type { AnyRow, StatementResult } from "../connection.ts";

/** What a migration written in code gets. All its statements are one transaction, together with its ledger row. */
export interface MigrationContext {
  /** The module's schema, in which unqualified names are looked up. */
  readonly schema: string;
  readonly log: Logger;
  /** Aborts when the platform gives the start up. */
  readonly signal: AbortSignal;
  /** Runs one statement. */
  query<Row = AnyRow>(sql: string, parameters?: readonly unknown[]): Promise<StatementResult<Row>>;
  /** The query builder, in the same transaction. */
  kysely<Tables>(): Kysely<Tables>;
}

/** The default export of a migration written in code. */
export type Migration = (context: MigrationContext) => Promise<unknown>;
