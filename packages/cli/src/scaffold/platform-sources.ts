import { readdirSync } from "node:fs";
import path from "node:path";

const skipped = new Set(["node_modules", "dist", "build", "coverage"]);
const generated = /\.gen\.[cm]?[jt]s$/;

/**
 * Files of a platform by the ending of their names, sorted: tests and fixtures too, but nothing that is generated,
 * built, installed or hidden, and nothing behind links.
 */
export function platformSources(root: string, ending: RegExp): readonly string[] {
  const files: string[] = [];
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith(".")) waiting.push(file);
      else if (entry.isFile() && ending.test(entry.name) && !generated.test(entry.name)) files.push(file);
    }
  }
  return files.sort();
}
