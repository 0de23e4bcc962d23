import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { sourcesOf } from "../imports/module-code.ts";
import { readImports } from "../imports/read-imports.ts";
import { resolveImport } from "../sources/resolve-import.ts";

/** What of a workspace a module's code rests on besides modules: folders of packages, and single files; absolute. */
export type SharedCode = (moduleFolder: string) => ReadonlySet<string>;

/**
 * Follows the imports of modules to packages of the same workspace, which `node_modules` only links to, and to
 * files outside of all modules; and from there on. Installed packages are not followed: the lock file says
 * when they change.
 *
 * @param moduleFolders real paths.
 */
export function sharedCode(moduleFolders: ReadonlySet<string>): SharedCode {
  const packageFolders = new Map<string, string | undefined>();
  const leadsTo = new Map<string, readonly string[]>();
  return (moduleFolder) => {
    const found = new Set<string>();
    const waiting = [...neighbours(moduleFolder)];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      waiting.push(...neighbours(next));
    }
    return found;
  };

  /** Where the imports of a package's folder, or of one file, lead to. */
  function neighbours(from: string): readonly string[] {
    let known = leadsTo.get(from);
    if (known === undefined) {
      const isFile = path.extname(from) !== "" && !existsSync(path.join(from, "package.json"));
      const files = isFile && !moduleFolders.has(from) ? [from] : sourcesOf(from, moduleFolders);
      known = [...new Set(files.flatMap((file) => importsOf(file).flatMap((each) => target(each, file, from) ?? [])))];
      leadsTo.set(from, known);
    }
    return known;
  }

  function target(specifier: string, file: string, from: string): string | undefined {
    if (!specifier.startsWith(".")) return packageFolder(specifier, path.dirname(file));
    // One that is not there any more counts too: it may be what was removed.
    const found = resolveImport(specifier, file) ?? path.resolve(path.dirname(file), specifier);
    return isWithin(found, from) || ownerOf(found) !== undefined ? undefined : found;
  }

  /** The real folder of a package of the workspace; `undefined` for an installed one and for a module's. */
  function packageFolder(specifier: string, from: string): string | undefined {
    const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
    const key = `${from}\0${name}`;
    if (!packageFolders.has(key)) packageFolders.set(key, findPackage(name, from));
    return packageFolders.get(key);
  }

  function findPackage(name: string, from: string): string | undefined {
    for (let folder = from; ; folder = path.dirname(folder)) {
      const link = path.join(folder, "node_modules", name);
      if (existsSync(link)) {
        const real = realpathSync(link);
        return real.includes(`${path.sep}node_modules${path.sep}`) || ownerOf(real) !== undefined ? undefined : real;
      }
      if (folder === path.dirname(folder)) return undefined;
    }
  }

  function ownerOf(file: string): string | undefined {
    for (let folder = file; ; folder = path.dirname(folder)) {
      if (moduleFolders.has(folder)) return folder;
      if (folder === path.dirname(folder)) return undefined;
    }
  }
}

/** Whether `file` is `folder` or lies in it. */
export function isWithin(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder + path.sep);
}

function importsOf(file: string): readonly string[] {
  try {
    return readImports(file, readFileSync(file, "utf8")).map(({ specifier }) => specifier);
  } catch {
    // A file that is gone imports nothing.
    return [];
  }
}
