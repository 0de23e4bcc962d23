import path from "node:path";
import { type PlatformError, platformError, problemsOf } from "@plinth/module";
import { type FetchOptions, fetchPlugin } from "../fetch/fetch-plugin.ts";
import { type FileHashes, hashFiles } from "../integrity/content.ts";
import type { LockedPlugin } from "../lock/plugins-lock.ts";
import { readLock } from "../lock/read-lock.ts";
import { pluginsFolder } from "../plugins-folder.ts";
import { verifyFolder } from "../verify/verify-folder.ts";
import { changePlugins, type PluginsPlace } from "./change.ts";

/** What was put back. */
export interface RestoredPlugins {
  readonly restored: readonly LockedPlugin[];
  /** Why others could not be. */
  readonly problems: readonly PlatformError[];
}

/**
 * Puts back every plugin whose files are missing or not as they were installed, from where it came:
 * exactly what the lock says, or nothing. The lock stays as it is.
 *
 * @throws what `readLock` and `changePlugins` throw.
 */
export async function restorePlugins(
  place: PluginsPlace,
  { env, signal }: Pick<FetchOptions, "env" | "signal">,
): Promise<RestoredPlugins> {
  const { root } = place;
  const folder = pluginsFolder(root, place.folder);
  const isBroken = (plugin: LockedPlugin) => verifyFolder(path.join(folder, plugin.folder), plugin).length > 0;
  const restored: LockedPlugin[] = [];
  const problems: PlatformError[] = [];
  for (const plugin of readLock(root).plugins.filter(isBroken)) {
    try {
      const { source } = plugin;
      const given = source.kind === "npm" ? (source.resolved ?? source.given) : path.resolve(root, source.given);
      const { files } = await fetchPlugin(given, { cwd: root, root, env, ...(signal === undefined ? {} : { signal }) });
      const difference = differenceOf(plugin.files, hashFiles(files));
      if (difference !== undefined) {
        throw platformError("PLUGIN_RESTORE_OTHER", { source: given, plugin: plugin.name, difference });
      }
      await changePlugins(place, ({ lock, restore }) => {
        const isStillMeant = lock.plugins.some((each) => each.name === plugin.name && each.folder === plugin.folder);
        if (isStillMeant) restore({ folder: plugin.folder, files });
      });
      restored.push(plugin);
    } catch (thrown) {
      const found = problemsOf(thrown);
      if (found.length === 0) throw thrown;
      problems.push(...found);
    }
  }
  return { restored, problems };
}

/** The first file in which they differ, in words. */
function differenceOf(wanted: FileHashes, there: FileHashes): string | undefined {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(there)])].sort();
  const name = names.find((each) => wanted[each] !== there[each]);
  if (name === undefined) return undefined;
  if (there[name] === undefined) return `${name} is missing`;
  return wanted[name] === undefined ? `${name} was added` : `${name} has changed`;
}
