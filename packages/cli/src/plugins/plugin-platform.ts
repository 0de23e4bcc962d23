import { type IsolationMode, placeOf } from "@plinth/isolation";
import { PlatformErrors } from "@plinth/module";
import type { PluginSettings, PluginsPlace } from "@plinth/plugins";
import type { Context } from "../context.ts";
import { type Inspected, inspected } from "../inspected.ts";
import type { GlobalOptions } from "../root.ts";
import type { SettingsOptions } from "../set-option.ts";

/** A platform with what it says of plugins. */
export interface PluginPlatform {
  readonly root: string;
  readonly inspection: Inspected;
  readonly place: PluginsPlace & PluginSettings;
  /** Where a plugin runs. */
  runsIn(name: string): IsolationMode;
}

/**
 * Looks at the platform that a command is about.
 *
 * @throws PlatformErrors when its settings cannot be read.
 */
export async function pluginPlatform(
  context: Context,
  options: GlobalOptions & SettingsOptions,
): Promise<PluginPlatform> {
  const inspection = await inspected(context, options);
  const { root, settings, problems } = inspection;
  if (settings === undefined) throw new PlatformErrors(problems);
  const { plugins, isolation } = settings.platform;
  return {
    root,
    inspection,
    place: { ...plugins, root },
    runsIn: (name) => placeOf({ name, source: "plugin", section: undefined }, isolation),
  };
}
