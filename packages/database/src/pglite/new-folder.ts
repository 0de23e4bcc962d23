import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { openDatabase } from "../open-database.ts";
import { settingsOf } from "../settings.ts";

/**
 * Makes a PGlite folder with an empty database, as a copy of one that is made once for each version of
 * PGlite. That takes a twentieth of the time that a new one takes.
 *
 * @param folder where to put it; must not exist. Then give it to the database as `dataDir`.
 * @param cache the folder in which the one to copy is kept. Default: `node_modules/.cache/plinth`, beside PGlite.
 */
export async function newDatabaseFolder(folder: string, cache?: string): Promise<void> {
  cpSync(await databaseTemplate(cache), folder, { recursive: true });
}

/** Makes the folder that {@link newDatabaseFolder} copies, where it is not there yet, and says where it is. */
export async function databaseTemplate(cache?: string): Promise<string> {
  const template = templateFolder(cache);
  if (!existsSync(template)) await makeTemplate(template);
  return template;
}

/** Several may do this at one time, in one process or in several: each makes its own, and one of them stays. */
async function makeTemplate(template: string): Promise<void> {
  const own = `${template}.${randomUUID()}`;
  mkdirSync(dirname(own), { recursive: true });
  const pool = await openDatabase(settingsOf({ dataDir: own }));
  await pool.close();
  try {
    renameSync(own, template);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
}

function templateFolder(cache: string | undefined): string {
  let folder = dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite"));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly version: string };
  const modules = folder.slice(0, folder.lastIndexOf("node_modules") + "node_modules".length);
  return join(cache ?? join(modules, ".cache", "plinth"), `pglite-${version}`);
}
