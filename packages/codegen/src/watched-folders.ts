import { existsSync } from "node:fs";
import path from "node:path";
import { matchFolders } from "@plinth/kernel";
import { entryOf } from "./module-place.ts";
import { manifestsOf, platformFileName, type Root } from "./roots.ts";

/** The names in a folder whose coming, going and changing matters; `undefined` for all of them. */
export type WatchedNames = ReadonlySet<string> | undefined;

const moduleNames = new Set(["module.yaml", "src", "index.js"]);
const entryNames = new Set(["index.ts"]);

/**
 * The folders whose changes may change what is generated for a root. Folders are watched, and not
 * files, because editors replace files when they save.
 */
export function watchedFolders(root: Root): ReadonlyMap<string, WatchedNames> {
  const folders = new Map<string, WatchedNames>();
  const add = (folder: string, names: WatchedNames) => {
    const before = folders.get(folder);
    const isAll = folders.has(folder) && before === undefined;
    folders.set(folder, names === undefined || isAll ? undefined : new Set([...(before ?? []), ...names]));
  };
  add(root.folder, new Set([platformFileName]));
  const { patterns, files } = manifestsOf(root);
  for (const pattern of patterns) {
    for (const parent of parentsOf(root.folder, pattern)) add(parent, undefined);
    for (const folder of matchFolders(root.folder, pattern)) add(folder, moduleNames);
  }
  for (const folder of files.map((file) => path.dirname(file))) {
    add(folder, moduleNames);
    // The list of modules changes when a module without code gets some.
    const source = path.join(folder, "src");
    if (entryOf(folder, undefined) === undefined) add(source, entryNames);
  }
  return new Map([...folders].filter(([folder]) => existsSync(folder)));
}

/** The folders in which a pattern looks for others. */
function parentsOf(root: string, pattern: string): string[] {
  const parts = pattern.split("/");
  return parts.flatMap((part, index) => {
    if (!part.includes("*")) return [];
    return index === 0 ? [root] : matchFolders(root, parts.slice(0, index).join("/"));
  });
}
