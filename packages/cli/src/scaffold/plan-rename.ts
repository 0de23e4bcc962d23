import { readFileSync } from "node:fs";
import path from "node:path";
import { positionAt } from "@plinth/kernel";
import { platformError, type SourceLocation } from "@plinth/module";
import { declarationsOf } from "@plinth/permissions";
import type { Inspected } from "../inspected.ts";
import { permissionFacts } from "../permissions/listed-permissions.ts";
import type { Changes, FileEdit } from "./changes.ts";
import { checkGraph, checkName } from "./check-name.ts";
import { isTaken } from "./module-home.ts";
import { findOwnModule, type OwnModule, ownModules } from "./own-module.ts";
import { readPackageFile } from "./package-file.ts";
import { platformSources } from "./platform-sources.ts";
import { renameInPackages } from "./rename-packages.ts";
import { renameInManifest, renameInPlatformFile } from "./rename-yaml.ts";
import { serviceIds } from "./service-ids.ts";
import { editSource, type SourceRenaming } from "./source-edit.ts";

/** How a module is to be renamed. */
export interface RenamePlan extends Changes {
  readonly module: OwnModule;
  /** Texts that may mean the module, and stay as they are. */
  readonly doubtful: readonly SourceLocation[];
  /** The settings that variables may be named after: whether there are any. */
  readonly hasSettings: boolean;
  /** The name of its package after the renaming; `undefined` where that stays, or where it is none. */
  readonly package: string | undefined;
}

/**
 * Finds out everything that the renaming of a module changes, and changes nothing.
 *
 * @throws PlatformErrors when the new name may not be, is taken, or when a file cannot be changed safely.
 */
export function planRename({ root, modules }: Inspected, from: string, to: string): RenamePlan {
  const module = findOwnModule(modules, from);
  if (from === to) throw platformError("SCAFFOLD_SAME_NAME", { module: from });
  checkName(to, modules);
  checkGraph(
    to,
    [],
    modules.filter((each) => each !== module.module && !dependsOn(each.manifest.dependencies, from)),
  );

  const folder = { from: module.folder, to: renamedFolder(module.folder, from, to) };
  if (folder.to !== folder.from && isTaken(folder.to)) {
    throw platformError("SCAFFOLD_FOLDER_TAKEN", { folder: folder.to }, { at: [{ file: folder.to }] });
  }
  const packageName = renamedPackage(module.folder, from, to);
  const codes = permissionFacts([module.module])
    .flatMap(declarationsOf)
    .map(({ code }) => code);
  const words = new Map(
    [...codes, ...serviceIds(module.folder, from)].map((word) => [word, to + word.slice(from.length)]),
  );
  const place = path.relative(root, folder.from).split(path.sep).join("/");
  const own = ownModules(modules);
  const renaming: SourceRenaming = { folder, package: packageName, words, looksLike: looksLike(from, place) };

  const sources = platformSources(root, /\.[cm]?[jt]sx?$/).map((file) => {
    const before = readFileSync(file, "utf8");
    if (!before.includes(from)) return undefined;
    return { file, before, ...editSource(file, before, renaming) };
  });
  const edits: FileEdit[] = [
    ...own.map((each) => renameInManifest(each, from, to, codes)),
    ...renameInPlatformFile(root, from, to, place),
    ...(packageName === undefined ? [] : renameInPackages(root, own, packageName, folder)),
    ...sources.flatMap((each) =>
      each === undefined ? [] : [{ file: each.file, before: each.before, after: each.text }],
    ),
  ].filter(({ before, after }) => before !== after);
  return {
    module,
    edits,
    moves: folder.from === folder.to ? [] : [folder],
    doubtful: [...sources.flatMap((each) => each?.doubtful ?? []), ...mentionsInSql(root, from)],
    hasSettings: module.module.manifest.sections.config !== undefined,
    package: packageName?.to,
  };
}

function dependsOn(dependencies: readonly { readonly name: string }[], name: string): boolean {
  return dependencies.some((dependency) => dependency.name === name);
}

/** A folder that bears the module's name goes along. */
function renamedFolder(folder: string, from: string, to: string): string {
  return path.basename(folder) === from ? path.join(path.dirname(folder), to) : folder;
}

function renamedPackage(folder: string, from: string, to: string): { from: string; to: string } | undefined {
  const name = readPackageFile(folder)?.content.name;
  if (name === from) return { from: name, to };
  return name?.endsWith(`/${from}`) === true ? { from: name, to: name.slice(0, -from.length) + to } : undefined;
}

function looksLike(name: string, place: string): (text: string) => boolean {
  const schema = name.replaceAll("-", "_");
  const route = new RegExp(`^/${name}(?:[/?]|$)|\\}/${name}(?:[/?]|$)`);
  return (text) =>
    route.test(text) || text.includes(place) || new RegExp(`(?<![\\w.])"?${schema}"?\\.[a-z_"]`).test(text);
}

/** Migrations name schemas. Those that have been applied must not be edited, so a person has to decide. */
function mentionsInSql(root: string, from: string): SourceLocation[] {
  const schema = new RegExp(`(?<![\\w."])"?${from.replaceAll("-", "_")}"?\\.[a-z_"]`, "g");
  return platformSources(root, /\.sql$/).flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return [...text.matchAll(schema)].map((match) => ({ file, ...positionAt(text, match.index) }));
  });
}
