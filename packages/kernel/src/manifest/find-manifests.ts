import { type Dirent, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import { printable } from "./text.ts";

/** The name of a module's manifest in its folder. */
export const manifestFileName = "module.yaml";

/** Where modules are. */
export interface FoundManifests {
  /** Absolute paths of the manifests, each once, sorted by their folders. */
  readonly files: readonly string[];
  /** Patterns that find nothing, and folders whose manifest has another name. */
  readonly problems: readonly PlatformError[];
}

/** Where the pattern with this index was written. */
export type PatternPlace = (index: number) => SourceLocation | undefined;

/**
 * Finds the folders that hold a `module.yaml`. A pattern is a path from `root` in which each part may
 * contain one `*`, which stands for any run of characters but not for a leading dot, and never for
 * `node_modules`. Folders behind links are found too.
 *
 * @param mayBeEmpty whether a pattern may find nothing. Default: none may.
 */
export function findManifests(
  root: string,
  patterns: readonly string[],
  placeOf?: PatternPlace,
  mayBeEmpty: (pattern: string) => boolean = () => false,
): FoundManifests {
  const folders = new Set<string>();
  const problems: PlatformError[] = [];
  for (const [index, pattern] of patterns.entries()) {
    const place = placeOf?.(index);
    const at = place === undefined ? [] : [place];
    if (!isPattern(pattern)) {
      problems.push(platformError("MANIFEST_PATTERN", { pattern: printable(pattern) }, { at }));
      continue;
    }
    const found = matchFolders(root, pattern).map(manifestIn);
    if (!found.some(({ file }) => file !== undefined) && !mayBeEmpty(pattern)) {
      problems.push(platformError("MANIFEST_NOT_FOUND", { pattern: printable(pattern) }, { at }));
    }
    for (const { file, misnamed } of found) {
      if (file !== undefined) folders.add(path.dirname(file));
      else if (misnamed !== undefined) {
        const found = path.basename(misnamed);
        problems.push(platformError("MANIFEST_FILE_NAME", { found }, { at: [{ file: misnamed }] }));
      }
    }
  }
  const files = [...folders].sort().map((folder) => path.join(folder, manifestFileName));
  return { files, problems };
}

function isPattern(pattern: string): boolean {
  if (pattern === "" || path.isAbsolute(pattern) || pattern.includes("\\")) return false;
  return pattern.split("/").every((part) => part.split("*").length <= 2);
}

/** The folders that a pattern of {@link findManifests} names, absolute, whether or not they hold a manifest or are there. */
export function matchFolders(root: string, pattern: string): string[] {
  let folders = [path.resolve(root)];
  for (const part of pattern.split("/")) {
    if (part.includes("*")) folders = folders.flatMap((folder) => matchingFolders(folder, part));
    else folders = folders.map((folder) => path.join(folder, part));
  }
  return folders;
}

function matchingFolders(folder: string, part: string): string[] {
  const [before = "", after = ""] = part.split("*");
  return entriesOf(folder)
    .filter(({ name }) => name.length >= part.length - 1 && name.startsWith(before) && name.endsWith(after))
    .filter(({ name }) => name !== "node_modules" && (!name.startsWith(".") || before.startsWith(".")))
    .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(path.join(folder, entry.name))))
    .map(({ name }) => path.join(folder, name));
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw platformError(
      "MANIFEST_UNREADABLE",
      { reason: `the folder cannot be listed (${code})` },
      { at: [{ file: folder }], cause: error },
    );
  }
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

function manifestIn(folder: string): { readonly file?: string; readonly misnamed?: string } {
  const file = path.join(folder, manifestFileName);
  if (exists(file)) return { file };
  const misnamed = ["module.yml", "module.json", "Module.yaml"].map((name) => path.join(folder, name)).find(exists);
  return misnamed === undefined ? {} : { misnamed };
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}
