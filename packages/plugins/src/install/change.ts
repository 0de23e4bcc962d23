import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { PlatformError, PlatformErrors, platformError } from "@plinth/module";
import { type LockRefusal, takeLock } from "@plinth/process-lock";
import type { PluginFile } from "../files/plugin-file.ts";
import { formatLock } from "../lock/format-lock.ts";
import { lockFileName, type PluginsLock } from "../lock/plugins-lock.ts";
import { readLock } from "../lock/read-lock.ts";
import { journalFileName, pluginsFolder, readJournal } from "../plugins-folder.ts";
import { draftPrefix, replaceFile } from "./replace-file.ts";

/** Where the plugins of a platform are. */
export interface PluginsPlace {
  /** The platform's folder, absolute. */
  readonly root: string;
  /** The folder of plugins, relative to the root. */
  readonly folder: string;
}

/** The plugins of a platform while nobody else may change them. */
export interface Change {
  /** The folder of plugins, absolute. */
  readonly folder: string;
  /** What is installed now. */
  readonly lock: PluginsLock;
  /**
   * Lays down new files and puts a new lock in place of the old one: for everybody who looks, and at
   * whatever moment the process dies, there is the old state or the new one.
   */
  commit(next: PluginsLock, added?: PluginFolder): void;
  /** Lays down the files of a plugin that is in the lock, in place of what is in its folder. */
  restore(restored: PluginFolder): void;
}

/** The folder of a plugin by its name, and what is to be in it. */
export interface PluginFolder {
  readonly folder: string;
  readonly files: readonly PluginFile[];
}

const stagingPrefix = ".staging-";

/**
 * Changes the plugins of a platform, alone. What a change that was broken off has left is removed first.
 *
 * @throws PlatformError `PLUGIN_INSTALL_BUSY`, `PLUGIN_INSTALL_LOCK` or `PLUGIN_UNWRITABLE`, and what `work`
 *   and `readLock` throw.
 */
export async function changePlugins<T>({ root, folder: name }: PluginsPlace, work: (change: Change) => T): Promise<T> {
  const folder = pluginsFolder(root, name);
  const lockFile = path.join(root, lockFileName);
  try {
    mkdirSync(folder, { recursive: true });
    const held = await takeLock(path.join(folder, ".changing.lock"), (why) =>
      refused(path.join(folder, ".changing.lock"), why),
    );
    try {
      recover(root, folder);
      const lock = readLock(root);
      return work({
        folder,
        lock,
        commit: (next, added) => commit(root, folder, lock, next, added),
        restore: (restored) => layDown(folder, restored),
      });
    } finally {
      held.release();
    }
  } catch (cause) {
    if (cause instanceof PlatformError || cause instanceof PlatformErrors || !isOfFileSystem(cause)) throw cause;
    const values = { file: cause.path ?? lockFile, reason: cause.message };
    throw platformError("PLUGIN_UNWRITABLE", values, { at: [{ file: values.file }], cause });
  }
}

function commit(
  root: string,
  folder: string,
  before: PluginsLock,
  next: PluginsLock,
  added: PluginFolder | undefined,
): void {
  const kept = new Set(next.plugins.map((plugin) => plugin.folder));
  const leaving = before.plugins.map((plugin) => plugin.folder).filter((name) => !kept.has(name));
  try {
    // What is added is not in the lock yet, and what leaves is not any more: nobody shall be alarmed by either.
    replaceFile(
      path.join(folder, journalFileName),
      `${JSON.stringify([...leaving, ...(added ? [added.folder] : [])])}\n`,
    );
    if (added !== undefined) layDown(folder, added);
    replaceFile(path.join(root, lockFileName), formatLock(next));
  } finally {
    recover(root, folder);
  }
}

function layDown(folder: string, added: PluginFolder): void {
  const staging = path.join(folder, `${stagingPrefix}${randomUUID()}`);
  mkdirSync(staging);
  for (const { path: name, bytes } of added.files) {
    const file = path.join(staging, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes, { flag: "wx" });
  }
  // All of them on the disk before the lock names them; one after another while writing takes ten times longer.
  for (const { path: name } of added.files) flush(path.join(staging, name));
  const target = path.join(folder, added.folder);
  // Only what is put back has something in its place, which is refused as it is.
  rmSync(target, { recursive: true, force: true });
  renameSync(staging, target);
}

function flush(file: string): void {
  const descriptor = openSync(file, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Removes what belongs to no state: drafts, and folders of the journal that the lock does not hold. */
function recover(root: string, folder: string): void {
  const journal = path.join(folder, journalFileName);
  for (const name of readdirSync(folder)) {
    const isDraft = name.startsWith(stagingPrefix) || name.startsWith(draftPrefix(journal));
    if (isDraft) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  const drafts = draftPrefix(path.join(root, lockFileName));
  for (const name of readdirSync(root)) {
    if (name.startsWith(drafts)) rmSync(path.join(root, name), { force: true });
  }
  if (!existsSync(journal)) return;
  const locked = new Set(readLock(root).plugins.map((plugin) => plugin.folder));
  for (const name of readJournal(folder)) {
    const isPlain = name === path.basename(name) && !name.startsWith(".");
    if (isPlain && !locked.has(name)) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  rmSync(journal, { force: true });
}

function refused(lock: string, refusal: LockRefusal): Error {
  if (refusal.reason === "damaged") {
    return platformError(
      "PLUGIN_INSTALL_LOCK",
      { lock: refusal.file },
      { at: [{ file: refusal.file }], cause: refusal.cause },
    );
  }
  const { pid, host } = refusal.holder;
  const isHere = refusal.reason === "alive";
  const values = {
    pid,
    place: isHere ? "" : ` on ${host}`,
    mend: isHere ? "" : `, or, when it is gone for good, delete ${lock}`,
  };
  return platformError("PLUGIN_INSTALL_BUSY", values, { at: [{ file: lock }] });
}

function isOfFileSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
