import { type Dirent, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import type { FoundFile } from "./found-file.ts";

/**
 * The files in a folder of a module, by name, or why the folder is refused. A link that leads out of
 * the module's own folder is refused when it is read.
 *
 * @param root the module's own folder, absolute.
 * @param folder as the manifest names it, at `about.at`.
 */
export function folderFiles(
  root: string,
  folder: string,
  about: { readonly module: string; readonly at: readonly SourceLocation[] },
): readonly FoundFile[] | PlatformError {
  const { module, at } = about;
  const path = join(root, folder);
  const entries = entriesOf(path);
  if (entries === undefined) return platformError("MIGRATIONS_FOLDER_MISSING", { module, folder }, { at });
  const realRoot = realpathSync(root);
  if (!isInside(realRoot, realpathSync(path))) return platformError("MIGRATIONS_OUTSIDE", { module, folder }, { at });
  return entries.map((entry) => {
    const file = join(path, entry.name);
    const leadsOut = () => entry.isSymbolicLink() && !isInside(realRoot, realOf(file));
    const refusal = () =>
      platformError("MIGRATIONS_OUTSIDE", { module, folder: join(folder, entry.name) }, { at: [{ file }] });
    return { name: entry.name, path: file, read: () => (leadsOut() ? refusal() : { text: readText(file) }) };
  });
}

/** `undefined` where the folder cannot be read. */
function entriesOf(path: string): readonly Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return undefined;
  }
}

/** Where a link leads; the link itself when it leads nowhere. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`);
}

/** Reads a file as UTF-8. Only a text that has the sign for damage in it is looked at closer. */
function readText(path: string): string {
  const text = readFileSync(path, "utf8");
  if (text.includes("\uFFFD")) new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  return text;
}
