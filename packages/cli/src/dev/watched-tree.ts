import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
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
 * The folders that a platform in development is made from: what sources are generated from, and the modules' folders
 * with all below.
 */
export function watchedTree(root: Root): ReadonlyMap<string, WatchedNames> {
  const tree = new Map<string, WatchedNames>(watchedFolders(root));
  for (const file of manifestsOf(root).files)
    for (const folder of below(path.dirname(file))) tree.set(folder, undefined);
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

/** A file as it was looked at. */
export interface FileState {
  /** Differs where the file may have been written. */
  readonly written: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly modifiedAt: number;
  /** Differs where the contents do. */
  readonly contents: string;
}

/** Files by their paths. */
export type Snapshot = ReadonlyMap<string, FileState>;

/** Larger files are told apart by size and time alone. */
const longestRead = 1024 * 1024;

/**
 * The files in folders, those below not counted.
 *
 * @param before what was seen last; files that have not been written since are not read again.
 */
export function snapshotOf(tree: ReadonlyMap<string, WatchedNames>, before: Snapshot): Snapshot {
  const files = new Map<string, FileState>();
  for (const [folder, names] of tree) {
    for (const entry of entriesOf(folder)) {
      if (!entry.isFile() || !matters(entry.name) || names?.has(entry.name) === false) continue;
      const file = path.join(folder, entry.name);
      const state = stateOf(file, before.get(file));
      if (state !== undefined) files.set(file, state);
    }
  }
  return files;
}

function stateOf(file: string, before: FileState | undefined): FileState | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const written = `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}`;
  if (written === before?.written) return before;
  return {
    written,
    modifiedAt: stats.mtimeMs,
    contents: stats.size > longestRead ? written : contentsOf(file, written),
  };
}

function contentsOf(file: string, otherwise: string): string {
  try {
    return createHash("sha1").update(readFileSync(file)).digest("base64");
  } catch {
    return otherwise;
  }
}

/** Files that have come, gone or changed between two snapshots, sorted. */
export function changesBetween(before: Snapshot, after: Snapshot): readonly string[] {
  const gone = [...before.keys()].filter((file) => !after.has(file));
  const others = [...after].filter(([file, { contents }]) => before.get(file)?.contents !== contents);
  return [...gone, ...others.map(([file]) => file)].sort();
}

/** Nothing where the folder has just gone. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
