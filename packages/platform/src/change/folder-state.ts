import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** File systems tell times no finer than this, in milliseconds; what was changed so shortly before counts too. */
export const grainMs = 10;

/**
 * Whether a file in the folder, or the folder itself, was changed at or after a time. A folder that is
 * gone has changed.
 *
 * @param time in milliseconds since 1970-01-01 UTC.
 */
export function changedSince(folder: string, time: number): boolean {
  for (const { stat } of entriesOf(folder)) {
    if (stat === undefined || Math.max(stat.ctimeMs, stat.mtimeMs) >= time - grainMs) return true;
  }
  return false;
}

/** The same text for the same names and contents of files in the folder. */
export function contentHash(folder: string): string {
  const hash = createHash("sha256");
  for (const { file, stat } of entriesOf(folder)) {
    hash.update(`${path.relative(folder, file)}\0`);
    if (stat?.isFile()) hash.update(readFileSync(file)).update("\0");
  }
  return hash.digest("base64");
}

/** The folder and all in it, but packages in `node_modules` and what begins with a dot. */
function* entriesOf(folder: string) {
  const waiting = [folder];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const stat = statSync(file, { throwIfNoEntry: false });
    yield { file, stat };
    if (!stat?.isDirectory()) continue;
    for (const name of readdirSync(file).sort()) {
      if (name !== "node_modules" && !name.startsWith(".")) waiting.push(path.join(file, name));
    }
  }
}
