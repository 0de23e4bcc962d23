import { existsSync } from "node:fs";
import path from "node:path";
import type { FileEdit, Move } from "./changes.ts";
import type { OwnModule } from "./own-module.ts";
import { type PackageFile, readPackageFile } from "./package-file.ts";

/** The name, and the path, of a package: in the package files of the platform, of its modules, and of workspaces around. */
export function renameInPackages(
  root: string,
  own: readonly OwnModule[],
  named: { readonly from: string; readonly to: string },
  folder: Move,
): FileEdit[] {
  const files = [...own.map((each) => readPackageFile(each.folder)), ...packagesAround(root)];
  return files.flatMap((file) => {
    if (file === undefined) return [];
    const place = path.relative(path.dirname(file.file), folder.from).split(path.sep).join("/");
    const texts = new Map([[named.from, named.to]]);
    // A single word may mean anything.
    if (place.includes("/")) texts.set(place, path.posix.join(path.posix.dirname(place), path.basename(folder.to)));
    const after = file.text.replaceAll(/"([^"\\]*)"/g, (whole, text: string) => {
      const renamed = texts.get(text);
      return renamed === undefined ? whole : `"${renamed}"`;
    });
    return [{ file: file.file, before: file.text, after }];
  });
}

/** Those of the platform, and of the workspaces that it is in, up to the repository. */
function packagesAround(root: string): PackageFile[] {
  const found: PackageFile[] = [];
  for (let folder = root; ; folder = path.dirname(folder)) {
    const file = readPackageFile(folder);
    if (file !== undefined && (folder === root || file.content.workspaces !== undefined)) found.push(file);
    if (path.dirname(folder) === folder || existsSync(path.join(folder, ".git"))) return found;
  }
}
