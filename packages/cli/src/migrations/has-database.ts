import { existsSync } from "node:fs";

/**
 * Whether PGlite has a database in this folder that can be looked at. One that was still being made when its
 * process died holds nothing, and opening it would make it anew.
 */
export function hasDatabase(folder: string): boolean {
  return existsSync(folder) && !existsSync(`${folder}.unfinished`);
}
