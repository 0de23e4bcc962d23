import { randomUUID } from "node:crypto";
import { linkSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { livenessOf, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** What stands in a lock file: who holds it, and a mark that no other lock ever has. */
export interface LockHolder extends ProcessIdentity {
  readonly id: string;
}

/** A lock that is held. */
export interface ProcessLock {
  /** Gives it up. Does nothing when it is not ours any more. */
  release(): void;
}

/** Why a lock was not given. `unknown`: its holder is out of sight; `damaged`: its file cannot be understood. */
export type LockRefusal =
  | { readonly reason: "alive" | "unknown"; readonly holder: LockHolder }
  | { readonly reason: "damaged"; readonly file: string; readonly cause: Error };

/** Makes the error that the caller of {@link takeLock} gets. */
type Refuse = (refusal: LockRefusal) => Error;

/**
 * Takes the lock that the file at this path stands for, whose folder must be there. It is taken from a
 * process that is dead, and from nobody else; age says nothing.
 *
 * Why this is safe: each lock file appears whole and only where no file was (a hard link). A dead
 * holder has at most one heir, the file `<lock>.<id of the dead>`, for the same reason. The heir
 * makes sure that the dead one is still the holder and then moves its own file over the lock. Whoever
 * read the dead one's lock before that finds the heir's file taken, or, after the move, the lock changed.
 *
 * @throws what `refuse` makes.
 */
export async function takeLock(lock: string, refuse: Refuse): Promise<ProcessLock> {
  const holder: LockHolder = { ...ownIdentity(), id: randomUUID() };
  const own = `${lock}.${holder.id}.new`;
  await writeDurably(own, `${JSON.stringify(holder)}\n`);
  try {
    while (!(await tryToTake(lock, own, refuse))) {
      // Somebody else was quicker; what he left is looked at anew.
    }
  } finally {
    rmSync(own, { force: true });
  }
  removeLeftovers(lock, holder.id);
  return {
    release() {
      if (readHolder(lock, refuse)?.id === holder.id) rmSync(lock, { force: true });
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

async function tryToTake(lock: string, own: string, refuse: Refuse): Promise<boolean> {
  const first = readHolder(lock, refuse);
  if (first === undefined) return linkIfFree(own, lock);
  let path = lock;
  for (let holder: LockHolder | undefined = first; holder !== undefined; holder = readHolder(path, refuse)) {
    const liveness = livenessOf(holder);
    if (liveness !== "dead") throw refuse({ reason: liveness, holder });
    path = `${lock}.${holder.id}`;
    if (linkIfFree(own, path)) {
      const unchanged = readHolder(lock, refuse)?.id === first.id;
      if (unchanged) renameSync(path, lock);
      else rmSync(path, { force: true });
      return unchanged;
    }
  }
  return false;
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
function readHolder(file: string, refuse: Refuse): LockHolder | undefined {
  const holder = holderIn(file);
  if (holder instanceof Error) throw refuse({ reason: "damaged", file, cause: holder });
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
