import { existsSync, readFileSync } from "node:fs";
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
import { type PackageFile, readPackageFile } from "./package-file.ts";
import { platformSources } from "./platform-sources.ts";
import { serviceIds } from "./service-ids.ts";
import { editSource, type SourceRenaming } from "./source-edit.ts";
import { editYaml } from "./yaml-edit.ts";

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
  const place = `/${path.relative(root, folder.from).split(path.sep).join("/")}`.slice(1);
  const own = ownModules(modules);
  const renaming: SourceRenaming = { folder, package: packageName, words, looksLike: looksLike(from, place) };

  const sources = platformSources(root, /\.[cm]?[jt]sx?$/).map((file) => {
    const before = readFileSync(file, "utf8");
    if (!before.includes(from)) return undefined;
    return { file, before, ...editSource(file, before, renaming) };
  });
  const edits: FileEdit[] = [
    ...own.map((each) => editManifest(each, from, to, codes)),
    ...editPlatformFile(root, from, to, place),
    ...editPackages(root, own, packageName, place, folder),
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

function editManifest({ name, manifest }: OwnModule, from: string, to: string, codes: readonly string[]): FileEdit {
  const before = readFileSync(manifest, "utf8");
  const edit = editYaml(manifest, before);
  if (name === from) edit.replace(["name"], "value", from, to);
  const { dependencies, permissions } = (edit.document.value ?? {}) as Readonly<Record<string, unknown>>;
  if (isMapping(dependencies) && from in dependencies) edit.replace(["dependencies", from], "key", from, to);
  for (const at of successorsIn(permissions, ["permissions"])) {
    const code = at.value;
    if (codes.includes(code)) edit.replace(at.path, "value", code, to + code.slice(from.length));
  }
  return { file: manifest, before, after: edit.text() };
}

interface Successor {
  readonly path: readonly string[];
  readonly value: string;
}

/** The codes that stand behind `replacedBy`, at any depth. */
function successorsIn(value: unknown, at: readonly string[]): Successor[] {
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "replacedBy" && typeof inner === "string"
      ? [{ path: [...at, key], value: inner }]
      : successorsIn(inner, [...at, key]),
  );
}

/** Its settings, the lists of names, and a pattern that is its folder. */
function editPlatformFile(root: string, from: string, to: string, place: string): FileEdit[] {
  const file = path.join(root, "platform.yaml");
  const before = readFileSync(file, "utf8");
  const edit = editYaml(file, before);
  const value = edit.document.value;
  if (!isMapping(value)) return [];
  if (from in value) edit.replace([from], "key", from, to);
  for (const [index, pattern] of listOf(value.modules).entries()) {
    if (pattern !== place || path.posix.basename(place) !== from) continue;
    edit.replace(["modules", index], "value", place, path.posix.join(path.posix.dirname(place), to));
  }
  const isolation = isMapping(value.isolation) ? value.isolation : {};
  for (const key of ["process", "inProcess"]) {
    for (const [index, name] of listOf(isolation[key]).entries()) {
      if (name === from) edit.replace(["isolation", key, index], "value", from, to);
    }
  }
  return [{ file, before, after: edit.text() }];
}

/** Package files of the platform, of its modules, and of the folders around that have workspaces. */
function editPackages(
  root: string,
  own: readonly OwnModule[],
  named: { readonly from: string; readonly to: string } | undefined,
  place: string,
  folder: { readonly from: string; readonly to: string },
): FileEdit[] {
  if (named === undefined) return [];
  const files = [...own.map((each) => readPackageFile(each.folder)), ...packagesAround(root)];
  return files.flatMap((file) => {
    if (file === undefined) return [];
    const paths = [path.dirname(file.file), root].map((from) =>
      path.relative(from, folder.from).split(path.sep).join("/"),
    );
    const texts = new Map([
      [named.from, named.to],
      ...[place, ...paths].map((each) => [each, movedPath(each, folder.to)] as const),
    ]);
    const after = file.text.replaceAll(/"([^"\\]*)"/g, (whole, text: string) => {
      const renamed = texts.get(text);
      return renamed === undefined || text === "" ? whole : `"${renamed}"`;
    });
    return [{ file: file.file, before: file.text, after }];
  });
}

function movedPath(place: string, to: string): string {
  return path.posix.join(path.posix.dirname(place), path.basename(to));
}

function packagesAround(root: string): PackageFile[] {
  const found: PackageFile[] = [];
  for (let folder = root; ; folder = path.dirname(folder)) {
    const file = readPackageFile(folder);
    if (file !== undefined && (folder === root || file.content.workspaces !== undefined)) found.push(file);
    if (path.dirname(folder) === folder || existsSync(path.join(folder, ".git"))) return found;
  }
}

/** Migrations name schemas. Those that have been applied must not be edited, so a person has to decide. */
function mentionsInSql(root: string, from: string): SourceLocation[] {
  const schema = new RegExp(`(?<![\\w."])"?${from.replaceAll("-", "_")}"?\\.[a-z_"]`, "g");
  return platformSources(root, /\.sql$/).flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return [...text.matchAll(schema)].map((match) => ({ file, ...positionAt(text, match.index) }));
  });
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
