import type { Capability, Clock, Logger, ManifestInput, ModuleDefinition, ModuleFiles } from "@plinth/module";

/** A module that is compiled in, with what the loader would otherwise find in its folder. */
export interface StaticModule {
  /** Default: the manifest that the definition carries. */
  readonly manifest?: ManifestInput<unknown>;
  /** `undefined` for a module without code. */
  readonly definition: ModuleDefinition | undefined;
  /** The module's folder, absolute: where the paths of its manifest, such as its migrations, are looked up. */
  readonly folder: string;
  /** The files of the folder that its manifest names, where they are part of the program, as in a bundle. */
  readonly files?: ModuleFiles;
}

/** A module to be added to a running platform: compiled in, or a folder with a `module.yaml`. */
export type AddedModule = StaticModule | ModuleDefinition | { readonly folder: string };

/** What a platform is made of. Everything has a default. */
export interface PlatformOptions {
  /** The folder that holds platform.yaml, absolute. Without it there are no module folders and no file of settings. */
  readonly root?: string;
  /**
   * Modules that are compiled in: the generated list of `modules.gen.ts`, or definitions that carry
   * their manifests. One that is found in a module folder too counts once, as it is compiled in.
   */
  readonly modules?: readonly (StaticModule | ModuleDefinition)[];
  /**
   * Names of the modules that take part. The others are as if they were not there, but that settings may
   * be given for them; the platform's own always take part. Default: all.
   */
  readonly only?: readonly string[];
  /** Whether plugins are left out, so that a platform can be started when one of them is at fault. Default `false`. */
  readonly safeMode?: boolean;
  /** Settings, as platform.yaml would write them; the file's own come on top. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables such as `PLATFORM_HTTP__PORT`. Default: none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Assignments such as `http.port=8080`; the strongest of all. */
  readonly set?: readonly string[];
  /** Capabilities besides the built-in ones; one whose module has a built-in's name takes its place. */
  readonly capabilities?: readonly Capability[];
  /**
   * The file that processes of isolated modules run, absolute. Default: that of `@plinth/isolation`; a
   * platform that is bundled into one file bundles `@plinth/isolation/child` too, and names it here.
   */
  readonly childEntry?: string;
  /** Where the platform and its modules log to. Default: nowhere; `runPlatform` logs to the standard output. */
  readonly log?: Logger;
  /** Default: the machine's time. */
  readonly clock?: Clock;
}
