import { readdirSync, statSync } from "node:fs";
import path from "node:path";

/** File systems tell times no finer than this, in milliseconds; a file this old counts as changed. */
const grainMs = 20;

/**
 * Whether a file in the folder, or the folder itself, was changed at or after a time. Packages in
 * `node_modules`, and what begins with a dot, are not looked at. A folder that is gone has changed.
 *
 * @param time in milliseconds since 1970-01-01 UTC.
 */
export function changedSince(folder: string, time: number): boolean {
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const stat = statSync(next, { throwIfNoEntry: false });
    if (stat === undefined || Math.max(stat.ctimeMs, stat.mtimeMs) >= time - grainMs) return true;
    if (!stat.isDirectory()) continue;
    for (const name of readdirSync(next)) {
      if (name !== "node_modules" && !name.startsWith(".")) waiting.push(path.join(next, name));
    }
  }
  return false;
}
