import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";

/**
 * The folder that plugins are unpacked in, absolute.
 *
 * @param folder as platform.yaml names it, relative to the root.
 * @throws PlatformError `PLUGIN_FOLDER_OUTSIDE`
 */
export function pluginsFolder(root: string, folder: string): string {
  const absolute = path.resolve(root, folder);
  const relative = path.relative(root, absolute);
  const isBelow = relative !== "" && relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative);
  if (!isBelow || relative.split(path.sep).includes("node_modules"))
    throw platformError("PLUGIN_FOLDER_OUTSIDE", { folder });
  return absolute;
}

/** In the folder of plugins, while it is being changed: the folders that may be there without being in the lock. */
export const journalFileName = ".changing.json";

/** The folders that a change which is under way, or was broken off, has to do with. */
export function readJournal(folder: string): readonly string[] {
  try {
    const folders: unknown = JSON.parse(readFileSync(path.join(folder, journalFileName), "utf8"));
    return Array.isArray(folders) ? folders.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

/** The folders, or links, in the folder of plugins that are not of these names; sorted. Hidden ones do not count. */
export function otherFolders(folder: string, known: ReadonlySet<string>): readonly string[] {
  let entries: ReturnType<typeof list>;
  try {
    entries = list(folder);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
  return entries
    .filter((entry) => !entry.isFile() && !entry.name.startsWith(".") && !known.has(entry.name))
    .map(({ name }) => name)
    .sort();
}

function list(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}
