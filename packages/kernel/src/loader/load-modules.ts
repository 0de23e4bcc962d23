import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { isModuleDefinition, type ModuleDefinition, type PlatformError, platformError } from "@plinth/module";
import type { BootPlan, PlannedModule } from "../plan/boot-plan.ts";

/** A planned module with its code. */
export interface LoadedModule extends PlannedModule {
  /** `undefined` for a module without code, and for one whose loading failed. */
  readonly definition: ModuleDefinition | undefined;
  /** Why the code could not be loaded; the module must not be started then. */
  readonly loadError: PlatformError | undefined;
  /** Milliseconds from the beginning of the loading to the module's being there. */
  readonly loadMs: number;
}

/** Imports a file by its URL and returns its namespace. */
export type ImportFile = (url: string) => Promise<{ readonly default?: unknown }>;

const importFile: ImportFile = (url) => import(url);

/**
 * Loads the code of all modules of the plan side by side and keeps the plan's order. Static modules
 * have theirs already; the others are imported from `main` of their manifest, else `src/index.ts`,
 * else `index.js`; one that has neither is a module without code. Never rejects: what failed says so
 * in `loadError`.
 */
export function loadModules(plan: BootPlan, from: ImportFile = importFile): Promise<readonly LoadedModule[]> {
  const begun = performance.now();
  return Promise.all(
    plan.modules.map((module) =>
      module.definition === undefined
        ? loadModule(module, from, begun)
        : { ...module, loadError: undefined, loadMs: 0 },
    ),
  );
}

async function loadModule(module: PlannedModule, from: ImportFile, begun: number): Promise<LoadedModule> {
  let definition: ModuleDefinition | undefined;
  let loadError: PlatformError | undefined;
  try {
    const entry = entryOf(module);
    if (entry !== undefined) definition = await importDefinition(module, entry, from);
  } catch (error) {
    loadError = error as PlatformError;
  }
  return { ...module, definition, loadError, loadMs: performance.now() - begun };
}

const defaultEntries = ["src/index.ts", "index.js"];

/** The absolute path of the module's entry file; `undefined` for a module without code. */
export function entryOf({ manifest, path: folder }: Pick<PlannedModule, "manifest" | "path">): string | undefined {
  if (folder === undefined) return undefined;
  if (manifest.main === undefined) {
    return defaultEntries.map((entry) => path.join(folder, entry)).find((file) => existsSync(file));
  }
  const file = path.join(folder, manifest.main);
  if (existsSync(file)) return file;
  throw platformError(
    "LOAD_ENTRY_MISSING",
    { module: manifest.name, main: manifest.main },
    { at: manifest.file === undefined ? [] : [{ file: manifest.file }] },
  );
}

async function importDefinition(module: PlannedModule, entry: string, from: ImportFile): Promise<ModuleDefinition> {
  const { name } = module.manifest;
  const at = [{ file: entry }];
  let loaded: unknown;
  try {
    loaded = (await from(pathToFileURL(entry).href)).default;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw platformError("LOAD_IMPORT_FAILED", { module: name, reason }, { at, cause });
  }
  if (!isModuleDefinition(loaded)) throw platformError("LOAD_NO_DEFINITION", { module: name }, { at });
  const other = loaded.manifest?.name;
  if (other !== undefined && other !== name) throw platformError("LOAD_NAME_MISMATCH", { module: name, other }, { at });
  return loaded;
}
