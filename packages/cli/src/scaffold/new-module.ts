import path from "node:path";
import type { RegisteredModule } from "@plinth/kernel";
import { platformError, problemsOf } from "@plinth/module";
import { hostVersion, readSettings } from "@plinth/platform";
import type { Context } from "../context.ts";
import { findModule } from "../find-module.ts";
import type { Inspected } from "../inspected.ts";
import { ownVersion } from "../own-version.ts";
import { applyChanges, type FileEdit, removeFolder } from "./changes.ts";
import { checkGraph, checkName } from "./check-name.ts";
import { formatWithBiome } from "./format-with-biome.ts";
import { moduleFiles } from "./module-files.ts";
import { findModuleHome, isTaken, type ModuleHome } from "./module-home.ts";
import type { ModulePlan, PlannedDependency } from "./module-plan.ts";
import { camelCase, pascalCase } from "./names.ts";
import { publicEntryOf } from "./offered-services.ts";
import { ownModules } from "./own-module.ts";
import { readPackageFile, withDependency } from "./package-file.ts";
import { regenerate } from "./regenerate.ts";
import { relativeTo, schemaFrom } from "./schema-path.ts";
import { stageFolder } from "./staged-folder.ts";
import { undisturbed } from "./undisturbed.ts";

/** What a new module is to have. */
export interface NewModuleOptions {
  readonly depends: readonly string[];
  readonly http: boolean;
  readonly database: boolean;
  /** The folder that is to hold the module's own, absolute. */
  readonly folder: string | undefined;
}

/** A module that was written. */
export interface NewModule {
  /** Absolute. */
  readonly folder: string;
  /** Absolute, those of the module first, then what has changed besides. */
  readonly files: readonly string[];
  /** The name of its package, which a package manager has yet to link; `undefined` where it is no package. */
  readonly package: string | undefined;
}

/**
 * Adds a module to a platform. It is written beside its place and put there as a whole.
 *
 * @throws PlatformErrors for a name that a manifest may not have, or that is taken, and for what
 *   `resolve` would refuse; nothing is written then.
 */
export function newModule(platform: Inspected, name: string, options: NewModuleOptions, context: Context): NewModule {
  const { root, modules } = platform;
  checkName(name, modules);
  const dependencies = options.depends.map((each) => findModule(modules, each));
  checkGraph(name, dependencies, modules);
  checkManifests(root);

  const own = ownModules(modules).map(({ folder }) => folder);
  const patterns = readSettings({ root }).platform.modules;
  const home = findModuleHome(name, { root, patterns, moduleFolders: own, asked: options.folder });
  const target = path.join(home.folder, name);
  if (isTaken(target)) throw platformError("SCAFFOLD_FOLDER_TAKEN", { folder: target }, { at: [{ file: target }] });

  const plan = planOf(name, home, dependencies, own, options, root);
  const files = moduleFiles(plan);
  const packageName = home.scope === undefined ? undefined : `${home.scope}/${name}`;
  return undisturbed(context, () => {
    const staged = stageFolder(target, files);
    formatWithBiome(staged.path);
    staged.place();
    try {
      const edits = packageName === undefined ? [] : listPackage(root, packageName, own);
      const generated = applyChanges(root, { edits, moves: [] });
      const written = [...files.keys()].map((file) => path.join(target, file));
      const changed = edits.map(({ file }) => file);
      return { folder: target, files: [...written, ...changed, ...generated], package: packageName };
    } catch (error) {
      removeFolder(target);
      throw error;
    }
  });
}

/** A pattern that finds nothing is what a first module is for. */
function checkManifests(root: string): void {
  try {
    regenerate(root, { check: true });
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0 || problems.some(({ code }) => code !== "MANIFEST_NOT_FOUND")) throw thrown;
  }
}

function planOf(
  name: string,
  { folder, scope }: ModuleHome,
  needed: readonly RegisteredModule[],
  own: readonly string[],
  { http, database }: NewModuleOptions,
  root: string,
): ModulePlan {
  const target = path.join(folder, name);
  const taken = new Set(["Database", "Http", "HttpDirectory", "Permissions", "Entries", "Entry", "EntryStore"]);
  const rangeOf = rangesIn([...own, root]);
  const dependencies = needed.map((module): PlannedDependency => {
    const { name: dependency, version } = module.manifest;
    const entry = module.path === undefined ? undefined : publicEntryOf(module, module.path);
    const [service] = entry?.services ?? [];
    if (entry === undefined || service === undefined) {
      throw platformError("SCAFFOLD_NOTHING_OFFERED", { module: dependency });
    }
    const alias = taken.has(service.name) ? pascalCase(dependency) + service.name : service.name;
    taken.add(alias);
    taken.add(camelCase(alias));
    const specifier = entry.isPackage ? entry.specifier : relativeTo(path.join(target, "src"), entry.specifier);
    return {
      name: dependency,
      version,
      service: { specifier, name: service.name, alias },
      package: entry.isPackage
        ? { name: entry.specifier, range: rangeOf(entry.specifier, packageVersion(module)) }
        : undefined,
    };
  });
  const ownRange = `^${ownVersion()}`;
  return {
    name,
    scope,
    database,
    http,
    dependencies,
    hostVersion,
    schema: schemaFrom(target, root),
    rangeOf: (packageName) => rangeOf(packageName, ownRange),
  };
}

/** A package of the workspace is asked for by its exact version: there is no other. */
function packageVersion({ path: folder, manifest }: RegisteredModule): string {
  return (folder === undefined ? undefined : readPackageFile(folder)?.content.version) ?? manifest.version;
}

/** The range by which packages of these folders ask for a package; the usual one where none does. */
function rangesIn(folders: readonly string[]): (packageName: string, usual: string) => string {
  const known = new Map<string, string>();
  for (const folder of folders) {
    const { dependencies, devDependencies } = readPackageFile(folder)?.content ?? {};
    for (const [name, range] of Object.entries({ ...devDependencies, ...dependencies })) {
      if (!known.has(name) && !range.startsWith("file:")) known.set(name, range);
    }
  }
  return (packageName, usual) => known.get(packageName) ?? usual;
}

/** A platform whose package.json lists the packages of all its modules gets this one too. */
function listPackage(root: string, packageName: string, own: readonly string[]): FileEdit[] {
  const file = readPackageFile(root);
  const listed = file?.content.dependencies ?? {};
  const others = own.flatMap((folder) => readPackageFile(folder)?.content.name ?? []);
  if (file === undefined || others.length === 0 || !others.every((name) => name in listed)) return [];
  return [{ file: file.file, before: file.text, after: withDependency(file, packageName, "1.0.0") }];
}
