import { isRecord, nodeAt, rootNode, type SchemaNode } from "./json-schema.ts";
import type { Origin } from "./origin.ts";
import { platformKeysSchema } from "./platform-keys.ts";
import type { Settings } from "./resolve-settings.ts";
import { masked } from "./secrets.ts";

/** One setting as it may be shown. */
export interface SettingEntry {
  /** `http.port`. */
  readonly setting: string;
  /** The effective value; secrets and passwords in URLs are masked. A list is one value. */
  readonly value: unknown;
  readonly origin: Origin;
}

/** Every setting in effect: those of the platform, then by module in plan order. */
export function listSettings(settings: Settings): SettingEntry[] {
  const { platform } = settings;
  const { stop, restart } = platform;
  const own = {
    ...platform,
    stop: { timeout: `${stop.timeout}ms` },
    restart: {
      max: restart.max,
      window: `${restart.window}ms`,
      backoff: `${restart.backoff}ms`,
      maxBackoff: `${restart.maxBackoff}ms`,
    },
  };
  const entries = leavesOf(own, [], rootNode(platformKeysSchema), settings);
  for (const [name, module] of settings.modules)
    entries.push(...leavesOf(module.values, [name], module.node, settings));
  return entries;
}

function leavesOf(
  value: unknown,
  path: readonly string[],
  node: SchemaNode | undefined,
  settings: Settings,
): SettingEntry[] {
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([key, inner]) =>
      leavesOf(inner, [...path, key], node && nodeAt(node, [key]), settings),
    );
  }
  const setting = path.join(".");
  return [{ setting, value: masked(value, node), origin: settings.originOf(setting) }];
}
