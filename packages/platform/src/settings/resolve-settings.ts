import { createLocate, nearest } from "@plinth/kernel";
import { type PlatformError, platformError } from "@plinth/module";
import { createConfigCompiler } from "./config-validator.ts";
import { keysMeantBy, spellPath } from "./environment.ts";
import { spell } from "./explain.ts";
import { rootNode } from "./json-schema.ts";
import { type ConfigurableModule, type ModuleSettings, moduleSettings } from "./module-settings.ts";
import { type Origin, originPlaces, originSuffix } from "./origin.ts";
import type { Override } from "./override.ts";
import { type PlatformKeys, platformKeyNames, platformKeysSchema } from "./platform-keys.ts";
import type { SettingsSources } from "./read-settings.ts";
import { settingPaths } from "./resolve-steps.ts";

/** All settings of a platform: its own and those of its modules. */
export interface Settings {
  readonly sources: SettingsSources;
  /** The platform's own settings. */
  readonly platform: PlatformKeys;
  /** Everything that is wrong with settings, the sources' problems first, then by module in the order given. */
  readonly problems: readonly PlatformError[];
  /** What platform.yaml or an override names at its top that is neither a module nor the platform's, each once. */
  readonly unknownModules: readonly string[];
  /** The modules that were given, in that order. */
  readonly modules: ReadonlyMap<string, ModuleSettings>;
  /** The settings of a module, frozen and with defaults; an empty object for one that has none. */
  forModule(name: string): Readonly<Record<string, unknown>>;
  /** Where the value of a setting such as `http.port` came from. */
  originOf(setting: string): Origin;
}

const none: Readonly<Record<string, unknown>> = Object.freeze({});

/** Puts the settings of all modules together and checks them. Throws nothing: what is wrong is in `problems`. */
export async function resolveSettings(
  sources: SettingsSources,
  modules: readonly ConfigurableModule[],
): Promise<Settings> {
  const names = new Set(modules.map(({ name }) => name));
  const sorted = sortOverrides(sources.overrides, names);
  const given = new Set(sources.layers.flatMap(({ values }) => Object.keys(values)));

  const concerned = modules.filter(
    ({ name, config }) => config !== undefined || given.has(name) || sorted.byModule.has(name),
  );
  const resolved = new Map<string, ModuleSettings>();
  if (concerned.length > 0) {
    const compile = await createConfigCompiler();
    const locate = createLocate();
    for (const module of concerned) {
      const layers = sources.layers.filter(({ values }) => Object.hasOwn(values, module.name));
      const overrides = sorted.byModule.get(module.name) ?? [];
      resolved.set(module.name, moduleSettings(module, { layers, overrides, file: sources.file, locate }, compile));
    }
  }

  const unknown = unknownModules(sources, sorted.others, names, resolved);
  return {
    sources,
    platform: sources.platform,
    problems: [...sources.problems, ...unknown.problems, ...[...resolved.values()].flatMap(({ problems }) => problems)],
    unknownModules: unknown.names,
    modules: resolved,
    forModule: (name) => resolved.get(name)?.values ?? none,
    originOf(setting) {
      const path = setting.split(".");
      return resolved.get(path[0] ?? "")?.originOf(path) ?? sources.originOf(path);
    },
  };
}

/** Overrides by the module that their first step means, and those that mean none. */
function sortOverrides(overrides: readonly Override[], names: ReadonlySet<string>) {
  const byModule = new Map<string, Override[]>();
  const others: Override[] = [];
  for (const override of overrides) {
    const [first = "", ...rest] = override.steps;
    const isFlag = override.origin.kind === "flag";
    const [name] = isFlag ? (names.has(first) ? [first] : []) : keysMeantBy(first, names);
    if (name === undefined) others.push(override);
    else byModule.set(name, [...(byModule.get(name) ?? []), { ...override, steps: [name, ...rest] }]);
  }
  return { byModule, others };
}

function unknownModules(
  sources: SettingsSources,
  overrides: readonly Override[],
  names: ReadonlySet<string>,
  resolved: ReadonlyMap<string, ModuleSettings>,
) {
  const known = [...names, ...platformKeyNames];
  const problems: PlatformError[] = [];
  const unknown = new Set<string>();
  const report = (key: string, origin: Origin, meant: string | undefined) => {
    unknown.add(key);
    const hint = meant === undefined ? "Remove it, or add the module to the platform." : `Write ${meant} instead.`;
    const values = { key, from: originSuffix(origin), hint };
    problems.push(platformError("SETTINGS_UNKNOWN_MODULE", values, { at: originPlaces(origin) }));
  };
  for (const layer of sources.layers) {
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
