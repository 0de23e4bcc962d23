import { createManifestSchema, directorySource, type ManifestSchema, type ModuleSource } from "@plinth/kernel";
import type { Capability, Extension, SourceLocation } from "@plinth/module";
import { type PluginSource, pluginSource } from "@plinth/plugins/source";
import { capabilitiesOf } from "./capabilities.ts";
import type { PlatformOptions } from "./options.ts";
import { layerOf } from "./settings/layers.ts";
import { originPlaces } from "./settings/origin.ts";
import { readSettings, type SettingsSources } from "./settings/read-settings.ts";
import { type SettingsExtension, settingsExtension } from "./settings/settings-extension.ts";
import { namesCompiledFolder } from "./sources/compiled-folders.ts";
import { staticSource } from "./sources/static-source.ts";

/** What a platform is made of besides its modules; the same as long as it runs, but for its settings. */
export interface PreparedPlatform {
  readonly options: PlatformOptions;
  /** The settings as they were read last. */
  readonly sources: SettingsSources;
  readonly settings: SettingsExtension;
  readonly capabilities: readonly Capability[];
  /** In the order in which their hooks run. */
  readonly extensions: readonly Extension[];
  readonly schema: ManifestSchema;
  /** Where modules come from; of a module that several have, the first one's counts. */
  readonly moduleSources: readonly ModuleSource[];
  /** The one of `moduleSources` that has the plugins; `undefined` without a root. */
  readonly plugins: PluginSource | undefined;
  /** Names of modules that are there but take no part; settings may be given for them. */
  leftOut: readonly string[];
  /** Reads platform.yaml again. */
  readSettings(): void;
}

/**
 * Reads the settings and puts capabilities and sources together. Throws nothing for what people wrote.
 *
 * @param willRun whether the modules' code will be loaded, and not only looked at.
 */
export function preparePlatform(
  options: PlatformOptions,
  host: Parameters<typeof capabilitiesOf>[1],
  willRun: boolean,
): PreparedPlatform {
  const { root, settings: values, env, set } = options;
  const read = () => readSettings({ root, values, env, set });
  let sources = read();
  let leftOut: readonly string[] = [];
  const settings = settingsExtension(
    () => sources,
    () => leftOut,
  );
  const capabilities = capabilitiesOf(
    options,
    host,
    () => sources.platform.isolation,
    () => leftOut,
  );
  const extensions = [settings, ...capabilities.flatMap(({ extension }) => (extension ? [extension] : []))];
  const patterns = () => sources.platform.modules;
  const mayBeEmpty = (pattern: string) => namesCompiledFolder(options, pattern);
  const placeOf = (index: number) => placeOfPattern(sources, index);
  const plugins =
    root === undefined ? undefined : pluginSource({ root, willRun, settings: () => sources.platform.plugins });
  return {
    options,
    get sources() {
      return sources;
    },
    settings,
    capabilities,
    extensions,
    schema: createManifestSchema(extensions.flatMap(({ section }) => (section ? [section] : []))),
    moduleSources: [
      staticSource(options.modules ?? []),
      ...(root === undefined ? [] : [directorySource({ root, patterns, placeOf, mayBeEmpty })]),
      ...(plugins === undefined ? [] : [plugins]),
    ],
    plugins,
    get leftOut() {
      return leftOut;
    },
    set leftOut(names) {
      leftOut = names;
    },
    readSettings() {
      sources = read();
    },
  };
}

function placeOfPattern({ layers }: SettingsSources, index: number): SourceLocation | undefined {
  const origin = layerOf(layers, ["modules"])?.originOf(["modules", `${index}`], "value");
  return origin === undefined ? undefined : originPlaces(origin)[0];
}
