import { createLocate } from "@plinth/kernel";
import type { PlatformError } from "@plinth/module";
import { createConfigCompiler } from "./config-validator.ts";
import { keysMeantBy } from "./environment.ts";
import type { Layer } from "./layers.ts";
import { type ConfigurableModule, type ModuleSettings, moduleSettings } from "./module-settings.ts";
import type { Origin } from "./origin.ts";
import type { Override } from "./override.ts";
import type { PlatformKeys } from "./platform-keys.ts";
import type { SettingsSources } from "./read-settings.ts";
import { unknownModules } from "./unknown-modules.ts";

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

/**
 * Puts the settings of all modules together and checks them. Throws nothing: what is wrong is in `problems`.
 *
 * @param modules of several with one name the first counts.
 * @param refused names of modules whose manifests were refused; their settings are neither checked nor unknown.
 */
export async function resolveSettings(
  sources: SettingsSources,
  modules: readonly ConfigurableModule[],
  refused: readonly string[] = [],
): Promise<Settings> {
  const names = new Set([...modules.map(({ name }) => name), ...refused]);
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
      if (resolved.has(module.name)) continue;
      const layers = sources.layers.flatMap((layer) => narrow(layer, module.name));
      const overrides = sorted.byModule.get(module.name) ?? [];
      resolved.set(module.name, moduleSettings(module, { layers, overrides, file: sources.file, locate }, compile));
    }
  }

  const unknown = sources.modulesKnown
    ? unknownModules(sources.layers, sorted.others, names, resolved)
    : { names: [], problems: [] };
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

/** What a layer says of one module, so that putting a module together costs nothing for the others. */
function narrow({ values, originOf }: Layer, name: string): Layer[] {
  return Object.hasOwn(values, name) ? [{ values: { [name]: values[name] }, originOf }] : [];
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
