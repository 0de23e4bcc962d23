import { existsSync, realpathSync } from "node:fs";
import path from "node:path";

/** Where a module's generated file stands, in the module's folder. */
const moduleFileName = path.join("src", "module.gen.ts");

/** Where a platform's list of modules stands, in the platform's folder. */
export const listFileName = path.join("src", "modules.gen.ts");

/** A module by its files. All paths are absolute. */
export interface ModulePlace {
  readonly manifest: string;
  readonly folder: string;
  /** `undefined` for an installed module, which brings its generated file along. */
  readonly generated: string | undefined;
}

/** The place of the module with this manifest. */
export function placeOf(manifest: string): ModulePlace {
  const folder = path.dirname(manifest);
  return { manifest, folder, generated: isInstalled(folder) ? undefined : `${folder}${path.sep}${moduleFileName}` };
}

const installedIn = `${path.sep}node_modules${path.sep}`;

/** What a package manager has unpacked is not ours to write into; links to folders of a workspace are. */
function isInstalled(folder: string): boolean {
  return folder.includes(installedIn) && realpathSync(folder).includes(installedIn);
}

const defaultEntries = ["src/index.ts", "index.js"];

/**
 * The file with the module's code, by the loader's rules; `undefined` for a module without code. A
 * `main` counts whether or not the file is there, as it may yet be built.
 */
export function entryOf(folder: string, main: string | undefined): string | undefined {
  if (main !== undefined) return path.join(folder, main);
  for (const entry of defaultEntries) {
    const file = `${folder}${path.sep}${entry}`;
    if (existsSync(file)) return file;
  }
  return undefined;
}
