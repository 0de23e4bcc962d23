import { readdirSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";

/** Archives of Plinth's packages, as `npm pack` makes them. */
export interface Archives {
  /** What a package.json asks for to get each: `file:` and the absolute path; by the packages' names. */
  readonly specs: ReadonlyMap<string, string>;
  /** Their versions, by the packages' names. */
  readonly versions: ReadonlyMap<string, string>;
}

/**
 * Finds the archives in a folder, by their names: `plinth-module-0.1.0.tgz` holds `@plinth/module`.
 *
 * @throws PlatformError `SCAFFOLD_TARBALLS` when the folder cannot be read or holds none.
 */
export function findArchives(folder: string): Archives {
  const found = namesIn(folder).flatMap((file) => {
    const [, name, version] = /^plinth-([a-z-]+)-(\d+\.\d+\.\d+.*)\.tgz$/.exec(file) ?? [];
    return name === undefined || version === undefined ? [] : [{ file, name: `@plinth/${name}`, version }];
  });
  if (found.length === 0) throw platformError("SCAFFOLD_TARBALLS", { folder, reason: "no plinth-*.tgz is there" });
  return {
    specs: new Map(found.map(({ name, file }) => [name, `file:${path.join(folder, file).split(path.sep).join("/")}`])),
    versions: new Map(found.map(({ name, version }) => [name, version])),
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw platformError("SCAFFOLD_TARBALLS", { folder, reason }, { cause });
  }
}
