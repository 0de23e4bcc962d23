import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { isModuleDefinition, type ModuleDefinition, type PlatformError, platformError } from "@plinth/module";
import type { BootPlan, ModuleCode, PlannedModule } from "../plan/boot-plan.ts";
import { freshImport } from "./fresh-import.ts";
import { type ImportFile, importFile } from "./import-file.ts";

/** A planned module with its code. */
export interface LoadedModule extends PlannedModule {
  /** `undefined` for a module without code, and for one whose loading failed. */
  readonly definition: ModuleDefinition | undefined;
  /** The code as it was loaded; `undefined` for a module that needed no loading, and for one whose loading failed. */
  readonly code?: ModuleCode | undefined;
  /** Why the code could not be loaded; the module must not be started then. */
  readonly loadError: PlatformError | undefined;
  /** Milliseconds from the beginning of the loading to the module's being there. */
  readonly loadMs: number;
}

/** How code is loaded. */
export interface LoadOptions {
  /** Aborts what takes long, such as the start of a process. Default: never. */
  readonly signal?: AbortSignal;
  /** Names of modules whose folders' code is imported anew even if it was before. Default none. */
  readonly anew?: ReadonlySet<string>;
  /** Default: the runtime's own import. */
  readonly importFile?: ImportFile;
}

const none: ReadonlySet<string> = new Set();
const never = new AbortController().signal;

/**
 * Loads the code of all modules of the plan side by side and keeps the plan's order. Static modules
 * have theirs already; the others are loaded as their source says, else imported from `main` of their
 * manifest, else `src/index.ts`, else `index.js`; one that has neither is a module without code. Never
 * rejects: what failed says so in `loadError`.
 */
export function loadModules(plan: BootPlan, options: LoadOptions = {}): Promise<readonly LoadedModule[]> {
  const begun = performance.now();
  return Promise.all(
    plan.modules.map((module) =>
      module.definition !== undefined && options.anew?.has(module.manifest.name) !== true
        ? { ...module, loadError: undefined, loadMs: 0 }
        : loadModule(module, options, begun),
    ),
  );
}

/** Loads the code of one module of a plan, as {@link loadModules} does. */
export async function loadModule(
  module: PlannedModule,
  { importFile: from = importFile, anew = none, signal = never }: LoadOptions,
  begun = performance.now(),
): Promise<LoadedModule> {
  let code: ModuleCode | undefined;
  let loadError: PlatformError | undefined;
  try {
    if (module.load !== undefined) code = await module.load(signal);
    else if (anew.has(module.manifest.name)) code = await loadAnew(module);
    else code = await loadFolder(module, from);
  } catch (error) {
    loadError = error as PlatformError;
  }
  return { ...module, definition: code?.definition, code, loadError, loadMs: performance.now() - begun };
}

/** What is compiled in and has no code in its folder stays what it is. */
async function loadAnew(module: PlannedModule): Promise<ModuleCode> {
  const entry = entryOf(module);
  if (entry === undefined || module.path === undefined) return { definition: module.definition };
  const { importFile, close } = freshImport(module.path);
  try {
    return { definition: await importDefinition(module, entry, importFile), unload: close };
  } catch (error) {
    close();
    throw error;
  }
}

async function loadFolder(module: PlannedModule, from: ImportFile): Promise<ModuleCode> {
  const entry = entryOf(module);
  return { definition: entry === undefined ? undefined : await importDefinition(module, entry, from) };
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
