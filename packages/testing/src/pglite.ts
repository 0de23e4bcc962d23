import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { openDatabase, settingsOf } from "@plinth/database";

/**
 * Makes a PGlite folder with an empty database, as a copy of one that is made once for each version of
 * PGlite and kept in `node_modules/.cache`. That takes a tenth of the time that a new one takes.
 *
 * @param folder where to put it; must not exist. Then give it to the database as `dataDir`.
 */
export async function newDatabaseFolder(folder: string): Promise<void> {
  const template = templateFolder();
  if (!existsSync(template)) await makeTemplate(template);
  cpSync(template, folder, { recursive: true });
}

/** Several processes may do this at one time: each makes its own, and one of them stays. */
async function makeTemplate(template: string): Promise<void> {
  const own = `${template}.${process.pid}`;
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

function templateFolder(): string {
  let folder = dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite"));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly version: string };
  const modules = folder.slice(0, folder.lastIndexOf("node_modules") + "node_modules".length);
  return join(modules, ".cache", "plinth", `pglite-${version}`);
}
