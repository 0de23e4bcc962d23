import { existsSync } from "node:fs";
import path from "node:path";

/** The file that `platformctl` is started by, absolute: from sources, from built files and from a bundle alike. */
export function ownBin(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, "package.json"))) folder = path.dirname(folder);
  return path.join(folder, "bin", "platformctl.js");
}
