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
  const file = path.join(root, lockFileName);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return noPlugins;
    throw new PlatformErrors([platformError("PLUGIN_LOCK_UNREADABLE", { reason: message }, { at: [{ file }], cause })]);
  }
  return parseLock(text, file);
}
