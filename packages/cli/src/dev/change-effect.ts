import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseYaml } from "@plinth/kernel";
import type { ImportGraph } from "./import-graph.ts";

/** A module of a running platform and its folder, absolute with links followed. */
export interface ModuleFolder {
  readonly name: string;
  readonly path: string | undefined;
}

/** What a change of files comes to. */
export type ChangeEffect =
  /** Modules whose code is others now, in whatever folder it is. */
  | { readonly modules: readonly string[] }
  /** Why only a new process can take it in. */
  | { readonly restart: string };

/**
 * What changed files come to: the modules that import them, maybe through others. What is imported by the
 * process itself can only be had anew in a new one.
 *
 * @param root what paths are shown from.
 */
export function effectOf(
  files: readonly string[],
  modules: readonly ModuleFolder[],
  graph: ImportGraph,
  root: string,
): ChangeEffect {
  const affected = new Set<string>();
  for (const file of files) {
    for (const user of graph.usersOf(file)) {
      const owner = ownerOf(user, modules);
      if (owner !== undefined) affected.add(owner.name);
      const shown = path.relative(root, file);
      if (graph.isOnlyRequired(user)) return { restart: `${shown} is used by code that is not an ES module` };
      if (owner === undefined && !graph.isImported(user)) return { restart: `${shown} belongs to no module` };
    }
  }
  return { modules: [...affected] };
}

/** The module in whose folder a file is; the innermost where folders lie in each other. */
export function ownerOf(file: string, modules: readonly ModuleFolder[]): ModuleFolder | undefined {
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
