import { type Dirent, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { manifestsOf, type Root, type WatchedNames, watchedFolders } from "@plinth/codegen";

const noFolder = new Set(["node_modules", "dist", "build", "coverage"]);

/** Hidden files, what editors put beside a file while they save it, and what the running platform does not consist of. */
const noMatter =
  /^\.|~$|^#.*#$|\.(?:swp|swx|tmp|bak|orig|log|md|tsbuildinfo)$|^4913$|\.(?:test|spec|bench|fixture)\.[cm]?[jt]sx?$/;

/** Whether a change of a file of this name may change what runs. */
export function matters(name: string): boolean {
  return !noMatter.test(name);
}

/**
 * The folders that a platform in development is made from: what sources are generated from, the modules' folders with
 * all below, and the folders of other code.
 *
 * @param others folders of code outside of modules, absolute.
 */
export function watchedTree(root: Root, others: Iterable<string>): ReadonlyMap<string, WatchedNames> {
  const tree = new Map<string, WatchedNames>(watchedFolders(root));
  for (const file of manifestsOf(root).files)
    for (const folder of below(path.dirname(file))) tree.set(folder, undefined);
  for (const folder of others)
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) tree.set(folder, undefined);
  return tree;
}

function below(folder: string): string[] {
  const folders = [folder];
  for (const each of folders) {
    for (const entry of entriesOf(each)) {
      if (entry.isDirectory() && !noFolder.has(entry.name) && matters(entry.name))
        folders.push(path.join(each, entry.name));
    }
  }
  return folders;
}

/** What tells the contents of a file from others, by its path. */
export type Snapshot = ReadonlyMap<string, string>;

/** The files in folders, those below not counted. */
export function snapshotOf(tree: ReadonlyMap<string, WatchedNames>): Snapshot {
  const files = new Map<string, string>();
  for (const [folder, names] of tree) {
    for (const entry of entriesOf(folder)) {
      if (!entry.isFile() || !matters(entry.name) || names?.has(entry.name) === false) continue;
      const file = path.join(folder, entry.name);
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats !== undefined) files.set(file, `${stats.size} ${stats.mtimeMs} ${stats.ino}`);
    }
  }
  return files;
}

/** Files that have come, gone or changed between two snapshots, sorted. */
export function changesBetween(before: Snapshot, after: Snapshot): readonly string[] {
  const gone = [...before.keys()].filter((file) => !after.has(file));
  const others = [...after].filter(([file, state]) => before.get(file) !== state).map(([file]) => file);
  return [...gone, ...others].sort();
}

/** Nothing where the folder has just gone. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
