import path from "node:path";
import type { ModuleCode } from "./module-code.ts";

/** The module that an import leads to. */
export interface FoundModule {
  readonly code: ModuleCode;
  /** Whether the module offers this to others. */
  readonly isPublic: boolean;
}

/** Finds modules by what is imported, and by name. */
export interface ModuleFinder {
  /** `undefined` for what leads to no module. @param file the one that imports, absolute. */
  (specifier: string, file: string): FoundModule | undefined;
  byName(name: string): ModuleCode | undefined;
}

/** Knows packages by their names, and files by the folders that they are in. Asks the disk for nothing. */
export function createModuleFinder(codes: readonly ModuleCode[]): ModuleFinder {
  const byPackage = new Map(
    codes.flatMap((code) => (code.packageName === undefined ? [] : [[code.packageName, code]])),
  );
  const byFolder = new Map(codes.map((code) => [code.folder, code]));
  const byName = new Map(codes.map((code) => [code.module.manifest.name, code]));

  function find(specifier: string, file: string): FoundModule | undefined {
    if (specifier.startsWith(".") || path.isAbsolute(specifier)) {
      const target = path.resolve(path.dirname(file), specifier);
      const code = ownerOf(target);
      return code === undefined ? undefined : { code, isPublic: withoutEnding(target) === withoutEnding(code.entry) };
    }
    const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
    const code = byPackage.get(name);
    return code === undefined ? undefined : { code, isPublic: isExported(specifier.slice(name.length), code.exports) };
  }

  /** The module in whose folder a file is; the innermost where folders lie in each other. */
  function ownerOf(file: string): ModuleCode | undefined {
    for (let folder = file; ; folder = path.dirname(folder)) {
      const code = byFolder.get(folder);
      if (code !== undefined || folder === path.dirname(folder)) return code;
    }
  }

  return Object.assign(find, { byName: (name: string) => byName.get(name) });
}

function isExported(subpath: string, exports: readonly string[]): boolean {
  return exports.some((pattern) => {
    const star = pattern.indexOf("*");
    if (star === -1) return pattern === subpath;
    return subpath.startsWith(pattern.slice(0, star)) && subpath.endsWith(pattern.slice(star + 1));
  });
}

/** Imports may name the file that a source is compiled to. */
function withoutEnding(file: string | undefined): string | undefined {
  return file?.replace(/\.[cm]?[jt]sx?$/, "");
}
