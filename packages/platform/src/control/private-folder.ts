import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";

/**
 * Makes a folder that only its owner may enter, or closes one that is there to all others.
 *
 * @throws PlatformError `CONTROL_FOLDER` when it belongs to another user or is no folder, and the error of
 * the file system where nothing can be written.
 */
export function makePrivate(folder: string, user: number | undefined = process.getuid?.()): void {
  mkdirSync(path.dirname(folder), { recursive: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || (user !== undefined && found.uid !== user))
    throw platformError("CONTROL_FOLDER", { folder });
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}
