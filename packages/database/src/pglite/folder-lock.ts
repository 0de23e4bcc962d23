import { randomUUID } from "node:crypto";
import { linkSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { platformError } from "@plinth/module";
import { livenessOf, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** What stands in a lock file: who holds it, and a mark that no other lock ever has. */
export interface LockHolder extends ProcessIdentity {
  readonly id: string;
}

/** A lock that is held. */
export interface FolderLock {
  /** Gives it up. Does nothing when it is not ours any more. */
  release(): void;
}

/**
 * Takes the lock on a database folder: the file `<folder>.lock` beside it. It is taken from a process
 * that is dead, and from nobody else.
 *
 * Why this is safe: each lock file appears whole and only where no file was (a hard link). A dead
 * holder has at most one heir, the file `<folder>.lock.<id of the dead>`, for the same reason. The heir
 * makes sure that the dead one is still the holder and then moves its own file over the lock. Whoever
 * read the dead one's lock before that finds the heir's file taken, or, after the move, the lock changed.
 *
 * @throws PlatformError `DATABASE_FOLDER_IN_USE`, `DATABASE_FOLDER_FOREIGN` or `DATABASE_FOLDER_LOCK`.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const lock = `${folder}.lock`;
  const holder: LockHolder = { ...ownIdentity(), id: randomUUID() };
  const own = `${lock}.${holder.id}.new`;
  await writeDurably(own, `${JSON.stringify(holder)}\n`);
  try {
    while (!(await tryToTake(folder, lock, own))) {
      // Somebody else was quicker; what he left is looked at anew.
    }
  } finally {
    rmSync(own, { force: true });
  }
  removeLeftovers(lock, holder.id);
  return {
    release() {
      if (readHolder(lock)?.id === holder.id) rmSync(lock, { force: true });
    },
  };
}

/**
 * Removes what processes that died while they took the lock have left. Only the holder may do this. A
 * file that cannot be understood is one that is just being written.
 */
function removeLeftovers(lock: string, own: string): void {
  for (const name of readdirSync(dirname(lock))) {
    if (!name.startsWith(`${basename(lock)}.`)) continue;
    const path = join(dirname(lock), name);
    const holder = holderIn(path);
    if (holder instanceof Error || holder === undefined || holder.id === own) continue;
    if (livenessOf(holder) === "dead") rmSync(path, { force: true });
  }
}

async function tryToTake(folder: string, lock: string, own: string): Promise<boolean> {
  const first = readHolder(lock);
  if (first === undefined) return linkIfFree(own, lock);
  let path = lock;
  for (let holder: LockHolder | undefined = first; holder !== undefined; holder = readHolder(path)) {
    refuseUnlessDead(folder, path, holder);
    path = `${lock}.${holder.id}`;
    if (linkIfFree(own, path)) {
      const unchanged = readHolder(lock)?.id === first.id;
      if (unchanged) renameSync(path, lock);
      else rmSync(path, { force: true });
      return unchanged;
    }
  }
  return false;
}

function refuseUnlessDead(folder: string, lock: string, holder: LockHolder): void {
  const { pid, host } = holder;
  const liveness = livenessOf(holder);
  if (liveness === "alive") {
    const detail = pid === process.pid ? ", which is this very process" : "";
    throw platformError("DATABASE_FOLDER_IN_USE", { folder, pid, detail });
  }
  if (liveness === "unknown") throw platformError("DATABASE_FOLDER_FOREIGN", { folder, pid, host, lock });
}

/** Puts `file` at `path` when nothing is there; says whether it did. */
function linkIfFree(file: string, path: string): boolean {
  try {
    linkSync(file, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Who holds a lock; `undefined` when nobody does. */
function readHolder(path: string): LockHolder | undefined {
  const holder = holderIn(path);
  if (holder instanceof Error) throw platformError("DATABASE_FOLDER_LOCK", { lock: path }, { cause: holder });
  return holder;
}

/** What stands in a lock file, or why it cannot be understood; `undefined` when there is no such file. */
function holderIn(path: string): LockHolder | Error | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
  try {
    return asHolder(JSON.parse(text));
  } catch (error) {
    return error as Error;
  }
}

function asHolder(value: Partial<LockHolder>): LockHolder {
  const { pid, started, host, boot, namespace, id } = value;
  const texts = [started, host, boot, namespace, id];
  if (!Number.isSafeInteger(pid) || texts.some((text) => typeof text !== "string")) {
    throw new TypeError("not a lock of this kind");
  }
  return value as LockHolder;
}

/** On the disk before it is linked, so that a power cut leaves no empty lock. */
async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
