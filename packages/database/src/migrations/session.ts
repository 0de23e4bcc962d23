import type { Connection, ConnectionPool } from "../connection.ts";
import { sqlState } from "../sqlstate.ts";
import { scanStatements } from "./sql-statements.ts";

type Kind = ConnectionPool["kind"];

/**
 * Makes a connection ready for migrations: texts are read as our scanner reads them, and the server
 * soon notices when this process dies in the middle of a statement, so that its locks go with it.
 */
export async function prepareSession(connection: Connection, kind: Kind): Promise<void> {
  if (kind === "pglite") return;
  const settings = "set standard_conforming_strings = on";
  try {
    await connection.script(`${settings}; set client_connection_check_interval = '500ms'`);
  } catch (error) {
    // Servers before 14, and those on systems where a closed socket cannot be noticed, do without.
    if (sqlState(error) !== "42704" && sqlState(error) !== "22023") throw error;
    await connection.script(settings);
  }
}

/** Undoes what a migration may have set for its connection, so that the next one begins like the first. */
export async function resetSession(connection: Connection, kind: Kind): Promise<void> {
  await connection.script("reset session authorization; reset role; reset all");
  await prepareSession(connection, kind);
}

const settingWords = new Set(["set", "reset", "discard", "do", "call"]);

/** Whether an SQL text may change settings of its connection that last longer than its transaction. */
export function changesSession(sql: string): boolean {
  if (!/\b(?:set|reset|discard|set_config)\b/i.test(sql)) return false;
  if (/\bset_config\b/i.test(sql)) return true;
  return scanStatements(sql).statements?.some(({ words }) => settingWords.has(words[0] ?? "")) ?? false;
}
