import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { PGlite, type PGliteOptions, parse, protocol, types } from "@electric-sql/pglite";
import { PlatformError, platformError } from "@plinth/module";
import type { ConnectionPool } from "../connection.ts";
import type { OpenContext } from "../open-context.ts";
import { reasonOf } from "../sqlstate.ts";
import { lockFolder } from "./folder-lock.ts";
import { parameterTypes } from "./parameter-types.ts";
import { pgliteConnection } from "./pglite-connection.ts";
import { PGlitePool } from "./pglite-pool.ts";

/**
 * Opens PGlite on a folder, which is made when there is none, or in memory. The folder is locked
 * against other processes until the pool is closed.
 *
 * @param folder absolute, or `memory://`.
 * @throws PlatformError `DATABASE_FOLDER_IN_USE`, `DATABASE_FOLDER_FOREIGN`, `DATABASE_FOLDER_LOCK`
 *   or `DATABASE_OPEN_FAILED`.
 */
export async function openPGlite(folder: string, context: OpenContext): Promise<ConnectionPool> {
  try {
    if (folder.startsWith("memory://")) return await open(folder, context, () => {});
    mkdirSync(dirname(folder), { recursive: true });
    const lock = await lockFolder(folder);
    try {
      return await openFolder(folder, context, () => lock.release());
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    throw platformError("DATABASE_OPEN_FAILED", { folder, reason: reasonOf(cause) }, { cause });
  }
}

/**
 * A folder that was still being made when its process died holds nothing that anybody was told was
 * safe, and PGlite could not read it: it is made anew.
 */
async function openFolder(folder: string, context: OpenContext, onClosed: () => void): Promise<ConnectionPool> {
  const unfinished = `${folder}.unfinished`;
  if (existsSync(unfinished)) rmSync(folder, { recursive: true, force: true });
  const isNew = !existsSync(folder);
  if (isNew) writeFileSync(unfinished, "This database folder is still being made.\n");
  const pool = await open(folder, context, onClosed);
  if (isNew) rmSync(unfinished);
  return pool;
}

const asText = (text: string) => text;

async function open(folder: string, context: OpenContext, onClosed: () => void): Promise<ConnectionPool> {
  let opening = true;
  const complaints: string[] = [];
  const options: PGliteOptions = {
    dataDir: folder,
    parsers: { [types.DATE]: asText },
    serializers: { ...parameterTypes },
    onStderr: (text) => {
      if (opening) complaints.push(text);
      return true;
    },
  };
  const database = await PGlite.create(options).catch((cause: unknown) => {
    throw new Error([reasonOf(cause), ...complaints].join("\n"), { cause });
  });
  opening = false;
  return new PGlitePool({
    address: folder,
    database,
    connection: pgliteConnection(database, { parse, protocol }),
    acquireTimeoutMs: context.settings.pool.acquireTimeoutMs,
    clock: context.clock,
    log: context.log,
    onClosed,
  });
}
