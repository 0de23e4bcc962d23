import { Kysely, PostgresDialect, type PostgresPoolClient } from "kysely";
import type { LentConnection } from "./connection.ts";

/**
 * A Kysely over connections that are taken and given back. Both databases use Kysely's PostgreSQL
 * dialect: a transaction and a query beside it then wait for a connection in one and the same place,
 * which has a time limit and tells who is in the way. Nothing has to be destroyed.
 */
export function kyselyOver<Tables>(connect: () => Promise<LentConnection>, schema: string): Kysely<Tables> {
  const pool = {
    options: {},
    connect: async () => clientOf(await connect()),
    end: async () => {},
  };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema(schema);
}

function clientOf(held: LentConnection): PostgresPoolClient {
  const query = (sql: string, parameters: readonly unknown[]) => held.query(sql, parameters);
  return {
    ...(held.processId === undefined ? {} : { processID: held.processId }),
    query: query as PostgresPoolClient["query"],
    release: (destroy) => (destroy ? held.discard() : held.release()),
  };
}
