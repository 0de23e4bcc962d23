import { identifier } from "./sql-text.ts";

/** The schemas in which a module's unqualified names are looked up: its own, then `public`. */
export function searchPath(schema: string): string {
  return `${identifier(schema)}, public`;
}

/** The statement that makes {@link searchPath} that of the connection. */
export function setSearchPath(schema: string): string {
  return `set search_path to ${searchPath(schema)}`;
}

/**
 * Whether statements may have changed settings of their connection for longer than a transaction, so
 * that it must not simply be lent to the next one.
 */
export function changesSettings(sql: string): boolean {
  return /(?:^|;)\s*(?:set|reset|discard)\s(?!\s*(?:local|transaction|constraints)\b)|\bset_config\b/i.test(sql);
}
