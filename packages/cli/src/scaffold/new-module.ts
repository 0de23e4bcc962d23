import path from "node:path";
import { platformError, problemsOf } from "@plinth/module";
import { readSettings } from "@plinth/platform";
import type { Context } from "../context.ts";
import { findModule } from "../find-module.ts";
import type { Inspected } from "../inspected.ts";
import { applyChanges, type FileEdit, removeFolder } from "./changes.ts";
import { checkGraph, checkName } from "./check-name.ts";
import { formatWithBiome } from "./format-with-biome.ts";
import { moduleFiles } from "./module-files.ts";
import { findModuleHome, isTaken } from "./module-home.ts";
import { ownModules } from "./own-module.ts";
import { readPackageFile, withDependency } from "./package-file.ts";
import { planModule } from "./plan-module.ts";
import { regenerate } from "./regenerate.ts";
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

  const files = moduleFiles(planModule(name, { ...options, root, home, needed: dependencies, own }));
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

/** A platform whose package.json lists the packages of all its modules gets this one too. */
function listPackage(root: string, packageName: string, own: readonly string[]): FileEdit[] {
  const file = readPackageFile(root);
  const listed = file?.content.dependencies ?? {};
  const others = own.flatMap((folder) => readPackageFile(folder)?.content.name ?? []);
  if (file === undefined || others.length === 0 || !others.every((name) => name in listed)) return [];
  return [{ file: file.file, before: file.text, after: withDependency(file, packageName, "1.0.0") }];
}
