import path from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceLocation } from "@plinth/module";

/** The files that a stack leads through, the innermost first; Node's own are left out. */
export function stackPlaces(stack: string | undefined): readonly Required<SourceLocation>[] {
  return (stack ?? "").split("\n").flatMap((line) => {
    const [, where = "", row, column] =
      /^ {4}at (?:.* \()?((?:file:|\/|[A-Za-z]:\\).+?):(\d+):(\d+)\)?$/.exec(line) ?? [];
    const file = where.startsWith("file:") ? fileOf(where) : where;
    return file === "" ? [] : [{ file, line: Number(row), column: Number(column) }];
  });
}

/** What was imported anew has a query behind its file. */
function fileOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return "";
  }
}

/** Who owns which files. */
export interface ModuleFolders {
  /** The module whose own code a file is; `undefined` for packages that it installed, and for what is no module's. */
  ownerOf(file: string): string | undefined;
}

/** @param folders the modules' folders, absolute; one may lie in another. */
export function moduleFolders(
  folders: readonly { readonly name: string; readonly path: string | undefined }[],
): ModuleFolders {
  const byFolder = new Map(folders.flatMap(({ name, path }) => (path === undefined ? [] : [[path, name] as const])));
  return {
    ownerOf(file) {
      for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
        const name = byFolder.get(folder);
        if (name !== undefined || path.basename(folder) === "node_modules") return name;
        if (folder === path.dirname(folder)) return undefined;
      }
    },
  };
}
