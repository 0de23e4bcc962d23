import path from "node:path";
import { type FoundModules, fitsPattern, type RegisteredModule, realFolder } from "@plinth/kernel";
import type { PlatformError } from "@plinth/module";
import { checkDefinition } from "./compiled-in.ts";
import type { PreparedPlatform } from "./prepare-platform.ts";
import { layerOf } from "./settings/layers.ts";
import { runnable } from "./sources/runnable.ts";

/** How modules are looked for. */
export interface FindOptions {
  /**
   * What is on disk counts, also for a module that is compiled in and whose folder is one of the
   * platform's: as in a reload after an edit. Default `false`: a module that is compiled in is that.
   */
  readonly fromDisk?: boolean;
}

/** All modules of a platform, its own first, as all sources have them now. */
export function findModules(prepared: PreparedPlatform, { fromDisk = false }: FindOptions = {}): FoundModules {
  const { capabilities, schema } = prepared;
  const own = capabilities.flatMap((capability) =>
    capability.module ? [checkDefinition(capability.module, schema, capability)] : [],
  );
  const modules = own.flatMap(({ module }) => module ?? []);
  const problems: PlatformError[] = own.flatMap((checked) => checked.problems);
  const notices: PlatformError[] = [];
  const refused: string[] = [];
  const known = new Set(foldersOf(modules));
  for (const source of inOrder(prepared, fromDisk)) {
    const found = source.find(schema, known);
    if (source.kind === "plugin" && prepared.options.safeMode === true) {
      refused.push(...found.refused, ...found.modules.map(({ manifest }) => manifest.name));
      continue;
    }
    for (const module of found.modules) {
      if (module.source === "static" && (isKnown(module, known) || isDeselected(module, prepared))) continue;
      modules.push(module);
    }
    for (const folder of foldersOf(found.modules)) known.add(folder);
    refused.push(...found.refused);
    problems.push(...found.problems);
    notices.push(...(found.notices ?? []));
  }
  return {
    modules: modules.map((module) => runnable(module, prepared)),
    refused,
    notices,
    problems,
  };
}

/**
 * Whether the settings say which folders have modules, and the folder of this one, which is in the
 * platform's own, is none of them. So the same settings choose modules that are compiled in and others.
 */
function isDeselected({ path: folder }: RegisteredModule, { options, sources }: PreparedPlatform): boolean {
  const { root } = options;
  if (folder === undefined || root === undefined || layerOf(sources.layers, ["modules"]) === undefined) return false;
  const isInside = !path.relative(root, folder).startsWith("..");
  return isInside && !sources.platform.modules.some((pattern) => fitsPattern(root, pattern, folder));
}

function inOrder({ moduleSources }: PreparedPlatform, fromDisk: boolean) {
  if (!fromDisk) return moduleSources;
  return [...moduleSources].sort((a, b) => Number(a.kind === "static") - Number(b.kind === "static"));
}

function isKnown({ path }: RegisteredModule, known: ReadonlySet<string>): boolean {
  return path !== undefined && known.has(realFolder(path));
}

function foldersOf(modules: readonly RegisteredModule[]): string[] {
  return modules.flatMap(({ path }) => (path === undefined ? [] : [realFolder(path)]));
}
