import { posix } from "node:path";
import type { ModuleFiles } from "@plinth/module";
import type { FoundFile } from "./found-file.ts";

/** The files in a folder of a module whose files are part of the program, by name. */
export function embeddedFiles(folder: string, files: ModuleFiles): readonly FoundFile[] {
  const wanted = posix.join(folder, ".").replace(/\/$/, "");
  return Object.entries(files)
    .filter(([path]) => posix.dirname(path) === wanted)
    .map(([path, file]) => ({ name: posix.basename(path), path, read: () => file }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
