import type { PGlite, Results } from "@electric-sql/pglite";
import type { AnyRow, Connection, ScriptError, TaggedResult } from "../connection.ts";

type Protocol = Pick<typeof import("@electric-sql/pglite"), "parse" | "protocol">;

/** The one connection of a PGlite, for whoever has it at the moment. */
export function pgliteConnection(database: PGlite, { parse, protocol }: Protocol): Connection {
  return {
    processId: undefined,
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      const result = await database.query<AnyRow>(sql, [...parameters]).catch(rethrow);
      return resultOf(result) as TaggedResult<Row>;
    },
    async script(sql) {
      const { messages } = await database.execProtocol(protocol.serialize.query(sql), { throwOnError: false });
      const failure = messages.find((message) => message instanceof Error);
      if (failure !== undefined) {
        const completed = messages.filter(({ name }) => name === "commandComplete").length;
        throw Object.assign(failure satisfies ScriptError, { completed });
      }
      return parse.parseResults(messages, database.parsers).map(resultOf);
    },
  };
}

function resultOf({ rows, rowCount, command = "" }: Results<AnyRow>): TaggedResult {
  return { rows, rowCount: rowCount ?? rows.length, command };
}

/** PGlite hangs the parameters on its errors. They are taken off: they may be secrets, and errors are logged. */
function rethrow(error: unknown): never {
  if (error instanceof Error) {
    for (const extra of ["params", "queryOptions"]) Reflect.deleteProperty(error, extra);
  }
  throw error;
}
