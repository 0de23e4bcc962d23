import { nearest } from "@plinth/kernel";
import { platformError } from "@plinth/module";
import type { LockedPlugin, PluginsLock } from "../lock/plugins-lock.ts";
import { changePlugins, type PluginsPlace } from "./change.ts";

/**
 * Takes a plugin out of the lock and removes its folder. Its tables and settings stay.
 *
 * @returns what was installed.
 * @throws PlatformError `PLUGIN_UNKNOWN`, and what `changePlugins` throws; nothing is changed then.
 */
export function removePlugin(name: string, place: PluginsPlace): Promise<LockedPlugin> {
  return changePlugins(place, ({ lock, commit }) => {
    const plugin = findPlugin(lock, name);
    commit({ plugins: lock.plugins.filter((each) => each !== plugin) });
    return plugin;
  });
}

/** @throws PlatformError `PLUGIN_UNKNOWN` with the nearest name there is. */
export function findPlugin({ plugins }: PluginsLock, name: string): LockedPlugin {
  const found = plugins.find((plugin) => plugin.name === name);
  if (found !== undefined) return found;
  const meant = nearest(
    name,
    plugins.map((plugin) => plugin.name),
  );
  const list = "run platformctl plugins list to see what is installed";
  const hint =
    meant === undefined ? `${list.charAt(0).toUpperCase()}${list.slice(1)}.` : `Write ${meant} instead, or ${list}.`;
  throw platformError("PLUGIN_UNKNOWN", { plugin: name, hint });
}
