import { readFileSync } from "node:fs";
import path from "node:path";
import { PlatformErrors, platformError } from "@plinth/module";
import { parseLock } from "./parse-lock.ts";
import { lockFileName, type PluginsLock } from "./plugins-lock.ts";

/** Nothing is installed. */
const noPlugins: PluginsLock = { plugins: [] };

/**
 * The lock of the platform with this root; without plugins where there is none.
 *
 * @throws PlatformErrors `PLUGIN_LOCK_UNREADABLE` and what `parseLock` throws.
 */
export function readLock(root: string): PluginsLock {
  return lockReader(root)();
}

/** Reads the lock as {@link readLock} does, again and again; what has not changed is not parsed again. */
export function lockReader(root: string): () => PluginsLock {
  const file = path.join(root, lockFileName);
  let last: { readonly text: string; readonly lock: PluginsLock } | undefined;
  return () => {
    const text = textOf(file);
    if (text === undefined) return noPlugins;
    if (last?.text !== text) last = { text, lock: parseLock(text, file) };
    return last.lock;
  };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new PlatformErrors([platformError("PLUGIN_LOCK_UNREADABLE", { reason: message }, { at: [{ file }], cause })]);
  }
}
