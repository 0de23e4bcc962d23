import { statSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";

/**
 * The nearest folder, from `from` upwards, that holds a platform.yaml; absolute.
 *
 * @throws PlatformError `SETTINGS_ROOT_MISSING` when there is none up to the root of the file system.
 */
export function findPlatformRoot(from: string): string {
  const start = path.resolve(from);
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (statSync(path.join(folder, "platform.yaml"), { throwIfNoEntry: false })?.isFile() === true) return folder;
    if (path.dirname(folder) === folder) throw platformError("SETTINGS_ROOT_MISSING", { folder: start });
  }
}
