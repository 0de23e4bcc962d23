import { type Dirent, readdirSync } from "node:fs";
import path from "node:path";

const source = /\.[cm]?[jt]sx?$/;
const noSource = /\.d\.[cm]?ts$|\.gen\.[jt]s$|\.(?:test|spec|fixture)\.[cm]?[jt]sx?$/;
const skipped = new Set(["node_modules", "dist", "build", "coverage"]);

/**
 * The source files below folders, each once, sorted. Left out: what is generated or built, tests with
 * their fixtures, hidden folders, `node_modules`, and what links lead to.
 */
export function findSources(folders: readonly string[]): readonly string[] {
  const files = new Set<string>();
  const waiting = [...folders];
  const seen = new Set<string>();
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    for (const entry of entriesOf(folder)) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith(".")) waiting.push(file);
      else if (entry.isFile() && source.test(entry.name) && !noSource.test(entry.name)) files.add(file);
    }
  }
  return [...files].sort();
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
