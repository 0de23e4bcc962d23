import type pg from "pg";
import type { AnyRow, Connection, ScriptError, TaggedResult } from "../connection.ts";

/** A connection over a client of the driver. */
export function postgresConnection(client: pg.Client | pg.PoolClient): Connection {
  return {
    processId: processIdOf(client),
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      const result = await client.query<AnyRow>(sql, [...parameters]);
      return resultOf(Array.isArray(result) ? result.at(-1) : result) as TaggedResult<Row>;
    },
    async script(sql) {
      let completed = 0;
      const count = () => {
        completed += 1;
      };
      client.connection.on("commandComplete", count);
      try {
        const results: pg.QueryResult | pg.QueryResult[] = await client.query<AnyRow>(sql);
        return (Array.isArray(results) ? results : [results]).map(resultOf);
      } catch (error) {
        if (error instanceof Error) Object.assign(error satisfies ScriptError, { completed });
        throw error;
      } finally {
        client.connection.off("commandComplete", count);
      }
    },
  };
}

function resultOf({ rows, rowCount, command }: pg.QueryResult): TaggedResult {
  return { rows, rowCount: rowCount ?? rows.length, command };
}

/** The driver keeps what the server said of its process id, but its types do not tell. */
function processIdOf(client: pg.ClientBase): number | undefined {
  const { processID } = client as { readonly processID?: unknown };
  return typeof processID === "number" ? processID : undefined;
}
