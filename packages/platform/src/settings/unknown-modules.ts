import { nearest } from "@plinth/kernel";
import { type PlatformError, platformError } from "@plinth/module";
import { spellPath } from "./environment.ts";
import { spell } from "./explain.ts";
import { rootNode } from "./json-schema.ts";
import type { Layer } from "./layers.ts";
import type { ModuleSettings } from "./module-settings.ts";
import { type Origin, originPlaces, originSuffix } from "./origin.ts";
import type { Override } from "./override.ts";
import { platformKeyNames, platformKeysSchema } from "./platform-keys.ts";
import { settingPaths } from "./resolve-steps.ts";

/** Names that nobody has. */
export interface UnknownModules {
  /** Each once. */
  readonly names: readonly string[];
  /** One for each place that names one. */
  readonly problems: readonly PlatformError[];
}

/** What is named at the top of platform.yaml, or by `overrides`, and is neither a module nor the platform's. */
export function unknownModules(
  layers: readonly Layer[],
  overrides: readonly Override[],
  names: ReadonlySet<string>,
  resolved: ReadonlyMap<string, ModuleSettings>,
): UnknownModules {
  const known = [...names, ...platformKeyNames];
  const problems: PlatformError[] = [];
  const unknown = new Set<string>();
  const report = (key: string, origin: Origin, meant: string | undefined) => {
    unknown.add(key);
    const hint = meant === undefined ? "Remove it, or add the module to the platform." : `Write ${meant} instead.`;
    const values = { key, from: originSuffix(origin), hint };
    problems.push(platformError("SETTINGS_UNKNOWN_MODULE", values, { at: originPlaces(origin) }));
  };
  for (const layer of layers) {
    for (const key of Object.keys(layer.values)) {
      if (names.has(key) || platformKeyNames.includes(key)) continue;
      const near = nearest(key, known);
      report(key, layer.originOf([key], "key"), near && `"${near}"`);
    }
  }
  if (overrides.length === 0) return { problems, names: [...unknown] };

  const paths = known.map((name) => [name]).concat(allSettings(resolved));
  const variables = new Map(paths.map((path) => [spellPath(path), path]));
  const flags = new Map(paths.map((path) => [path.join("."), path]));
  for (const { steps, origin } of overrides) {
    const [written, candidates] =
      origin.kind === "flag" ? [steps.join("."), flags] : [steps.join("__").toUpperCase(), variables];
    const near = candidates.get(nearest(written, candidates.keys()) ?? "");
    report(steps[0] ?? "", origin, near && spell(near, origin));
  }
  return { problems, names: [...unknown] };
}

function allSettings(resolved: ReadonlyMap<string, ModuleSettings>): string[][] {
  const own = settingPaths(rootNode(platformKeysSchema));
  const ofModules = [...resolved].flatMap(([name, { node }]) =>
    node === undefined ? [] : settingPaths(node).map((path) => [name, ...path]),
  );
  return [...own, ...ofModules].map((path) => [...path]);
}
