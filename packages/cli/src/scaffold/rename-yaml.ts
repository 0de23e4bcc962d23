import { readFileSync } from "node:fs";
import path from "node:path";
import type { FileEdit } from "./changes.ts";
import type { OwnModule } from "./own-module.ts";
import { editYaml } from "./yaml-edit.ts";

/** The name of the module, dependencies on it, and successors of permissions that are its codes. */
export function renameInManifest(
  { name, manifest }: OwnModule,
  from: string,
  to: string,
  codes: readonly string[],
): FileEdit {
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

/**
 * Its settings, lists of names, and a pattern that is its folder.
 *
 * @param place its folder, relative to the platform's.
 */
export function renameInPlatformFile(root: string, from: string, to: string, place: string): FileEdit[] {
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

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
