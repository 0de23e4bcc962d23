import { entryOf, lockFormat, type PluginsLock } from "./plugins-lock.ts";

/** The text of plugins.lock: the same for the same plugins, in whatever order they come. */
export function formatLock({ plugins }: PluginsLock): string {
  const sorted = [...plugins].sort((a, b) => (a.name < b.name ? -1 : 1));
  const entries = Object.fromEntries(sorted.map((plugin) => [plugin.name, entryOf(plugin)]));
  return `${JSON.stringify({ format: lockFormat, plugins: entries }, null, 2)}\n`;
}
