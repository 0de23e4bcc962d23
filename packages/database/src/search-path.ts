import { identifier } from "./sql-text.ts";

/** The schemas in which a module's unqualified names are looked up: its own, then `public`. */
export function searchPath(schema: string): string {
  return `${identifier(schema)}, public`;
}

/** The statement that makes {@link searchPath} that of the connection. */
export function setSearchPath(schema: string): string {
  return `set search_path to ${searchPath(schema)}`;
}

/** Whether a statement may have changed the connection's search path for longer than a transaction. */
export function touchesSearchPath(sql: string): boolean {
  return /(?<!set local )search_path|\b(discard|reset)\b/i.test(sql);
}
