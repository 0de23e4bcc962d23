import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseYaml } from "@plinth/kernel";
import type { ImportGraph } from "./import-graph.ts";

/** A module of a running platform and its folder, absolute with links followed. */
export interface ModuleFolder {
  readonly name: string;
  readonly path: string | undefined;
}

/**
 * Why changed files call for a new process; `undefined` where the modules that they belong to can be
 * reloaded in the running one. Node gives the code of a folder anew only to that folder itself, so that
 * what others have imported too stays as it was for them.
 *
 * @param root what paths are shown from.
 */
export function restartReason(
  files: readonly string[],
  modules: readonly ModuleFolder[],
  graph: ImportGraph,
  root: string,
): string | undefined {
  const loaded = new Set(graph.files());
  for (const file of files) {
    const owner = ownerOf(file, modules);
    if (owner?.path === undefined) {
      if (loaded.has(file)) return `${path.relative(root, file)} belongs to no module`;
      continue;
    }
    const importer = graph.importerOutside(file, owner.path);
    if (importer === undefined) continue;
    const user = ownerOf(importer, modules)?.name ?? path.relative(root, importer);
    return `${path.relative(root, file)} is used by ${user}`;
  }
  return undefined;
}

/** The module in whose folder a file is; the innermost where folders lie in each other. */
function ownerOf(file: string, modules: readonly ModuleFolder[]): ModuleFolder | undefined {
  let owner: ModuleFolder | undefined;
  for (const module of modules) {
    if (module.path === undefined || !file.startsWith(module.path + path.sep)) continue;
    if (module.path.length > (owner?.path?.length ?? 0)) owner = module;
  }
  return owner;
}

/**
 * The keys of platform.yaml that differ between two of its texts and are not settings of modules.
 *
 * @param own keys of the platform itself, and names of its own modules.
 */
export function changedKeys(before: string, after: string, own: ReadonlySet<string>): readonly string[] {
  const [one, other] = [keysOf(before), keysOf(after)];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].filter((key) => own.has(key) && !isDeepStrictEqual(one[key], other[key]));
}

/** What cannot be read has no keys; others say what is wrong with it. */
function keysOf(text: string): Readonly<Record<string, unknown>> {
  const document = parseYaml(text);
  const value = "reason" in document ? undefined : document.value;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
