import { realpathSync } from "node:fs";
import path from "node:path";
import {
  type BootPlan,
  createManifestSchema,
  createRegistry,
  findManifests,
  type ManifestSchema,
  type ModuleRegistry,
  type RegisteredModule,
  readManifests,
} from "@plinth/kernel";
import { type Extension, type PlatformError, problemsOf, type SourceLocation } from "@plinth/module";
import { capabilitiesOf } from "./capabilities.ts";
import { checkDefinition, checkStatic } from "./compiled-in.ts";
import type { PlatformOptions } from "./options.ts";
import { layerOf } from "./settings/layers.ts";
import { originPlaces } from "./settings/origin.ts";
import { readSettings, type SettingsSources } from "./settings/read-settings.ts";
import { type SettingsExtension, settingsExtension } from "./settings/settings-extension.ts";
import { hostVersion } from "./version.ts";

/** A platform that has been read and planned; none of its code has been loaded. */
export interface ReadPlatform {
  readonly sources: SettingsSources;
  readonly settings: SettingsExtension;
  /** In the order in which their hooks run. */
  readonly extensions: readonly Extension[];
  readonly schema: ManifestSchema;
  readonly registry: ModuleRegistry;
  /** `undefined` when the modules cannot be put in order. */
  readonly plan: BootPlan | undefined;
  /** In plan order where there is one, else by name. */
  readonly modules: readonly RegisteredModule[];
  /** What is wrong with manifests and graph; what settings and other extensions find comes from their checks. */
  readonly problems: readonly PlatformError[];
}

/**
 * Reads settings and manifests, registers the modules and resolves the plan: the first half of the
 * way of the data. Throws nothing for what people wrote: all problems are in `problems`.
 */
export function readPlatform(options: PlatformOptions, host: Parameters<typeof capabilitiesOf>[1]): ReadPlatform {
  const sources = readSettings({
    root: options.root,
    values: options.settings,
    env: options.env,
    set: options.set,
  });
  const settings = settingsExtension(sources, () => [...(found?.refused ?? []), ...leftOut]);
  const capabilities = capabilitiesOf(options, host);
  const extensions = [settings, ...capabilities.flatMap(({ extension }) => (extension ? [extension] : []))];
  const schema = createManifestSchema(extensions.flatMap(({ section }) => (section ? [section] : [])));

  const compiledIn = [
    ...capabilities.flatMap((own) => (own.module ? [checkDefinition(own.module, schema, own)] : [])),
    ...(options.modules ?? []).map((module) => checkStatic(module, schema)),
  ];
  const compiledFolders = new Set(compiledIn.flatMap(({ module }) => (module?.path ? [realFolder(module.path)] : [])));
  const found = options.root === undefined ? undefined : readFolders(options.root, sources, schema, compiledFolders);

  const all = [...compiledIn.flatMap(({ module }) => module ?? []), ...(found?.modules ?? [])];
  const takesPart = ({ source, manifest }: RegisteredModule) =>
    source === "platform" || options.only?.includes(manifest.name) !== false;
  const leftOut = all.filter((module) => !takesPart(module)).map(({ manifest }) => manifest.name);
  const registry = createRegistry({ hostVersion });
  for (const module of all) if (takesPart(module)) registry.register(module);

  const resolved = resolve(registry, found?.refused ?? []);
  return {
    sources,
    settings,
    extensions,
    schema,
    registry,
    plan: resolved.plan,
    modules: resolved.plan?.modules ?? registry.list(),
    problems: [...compiledIn.flatMap((checked) => checked.problems), ...(found?.problems ?? []), ...resolved.problems],
  };
}

interface FoundModules {
  readonly modules: readonly RegisteredModule[];
  /** Names of modules whose manifests are wrong; they are not missing. */
  readonly refused: readonly string[];
  readonly problems: readonly PlatformError[];
}

/** @param compiledFolders folders of modules that are compiled in, and so are not read again. */
function readFolders(
  root: string,
  sources: SettingsSources,
  schema: ManifestSchema,
  compiledFolders: ReadonlySet<string>,
): FoundModules {
  const found = findManifests(root, sources.platform.modules, (index) => placeOfPattern(sources, index));
  const files =
    compiledFolders.size === 0
      ? found.files
      : found.files.filter((file) => !compiledFolders.has(realFolder(path.dirname(file))));
  const { manifests, problems, refused } = readManifests(files, schema);
  const modules = manifests.map((manifest) => ({
    manifest,
    source: "directory" as const,
    path: path.dirname(manifest.file ?? root),
    definition: undefined,
  }));
  return { modules, refused, problems: [...found.problems, ...problems] };
}

/** The folder with links followed; as it is where there is none. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function placeOfPattern({ layers }: SettingsSources, index: number): SourceLocation | undefined {
  const origin = layerOf(layers, ["modules"])?.originOf(["modules", `${index}`], "value");
  return origin === undefined ? undefined : originPlaces(origin)[0];
}

function resolve(
  registry: ModuleRegistry,
  refused: readonly string[],
): {
  readonly plan: BootPlan | undefined;
  readonly problems: readonly PlatformError[];
} {
  try {
    return { plan: registry.resolve({ refused }), problems: [] };
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return { plan: undefined, problems };
  }
}
