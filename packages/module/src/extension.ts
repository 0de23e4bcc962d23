import type { PlatformError } from "./errors/platform-error.ts";
import type { MaybePromise, ModuleHealth, ModuleSourceKind, PlatformEvent, PlatformStatus } from "./lifecycle.ts";
import type { Manifest } from "./manifest.ts";
import type { ModuleDefinition } from "./module.ts";
import type { ModuleFiles } from "./module-files.ts";
import type { RemoteService } from "./remote.ts";
import { type ServiceRef, service } from "./service.ts";

/**
 * The schema of a manifest section: any Standard Schema (https://standardschema.dev) that can also
 * say itself as JSON Schema. Zod 4 schemas are such.
 */
export interface SectionSchema<Value> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) => MaybePromise<
      | { readonly value: Value; readonly issues?: undefined }
      | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] }
    >;
    readonly jsonSchema: {
      readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
    };
  };
}

/** What an extension is told of a module. */
export interface ModuleFacts<Section = unknown> {
  readonly name: string;
  readonly version: string;
  readonly source: ModuleSourceKind;
  readonly manifest: Manifest;
  /** The module's folder, absolute; `undefined` for a module without one. */
  readonly path: string | undefined;
  /** The files of the folder that count, where they are part of the program; the folder is not looked at then. */
  readonly files?: ModuleFiles | undefined;
  /** The validated value of the extension's section; `undefined` where the manifest has none. */
  readonly section: Section | undefined;
  /** Services that the module's code requires or may use, `undefined` for a module without code. */
  readonly definition: ModuleDefinition | undefined;
}

/**
 * What the kernel does not know itself: a capability such as migrations, permissions or settings.
 * For each module the hooks of all extensions run in the order in which the extensions stand in the
 * platform's list; `before...` hooks of the stop run in reverse. A hook that throws fails the module.
 */
export interface Extension<Section = unknown> {
  readonly name: string;
  /** The key of the manifest that this extension handles, and the schema of its value. */
  readonly section?: { readonly key: string; readonly schema: SectionSchema<Section> };
  /**
   * Looks at all modules, in plan order, before anything of them runs. What it returns is reported
   * together with the problems that others found, and nothing is started when there is any. Must change
   * nothing: a change of a running platform may be refused by others.
   */
  check?(modules: readonly ModuleFacts<Section>[]): MaybePromise<readonly PlatformError[]>;
  /**
   * Takes in the modules that the platform consists of from now on, in plan order. Called before the
   * start, and again each time when modules come, go or change while the platform runs; nobody has found
   * a problem in them then.
   */
  accept?(modules: readonly ModuleFacts<Section>[]): MaybePromise<void>;
  /**
   * These modules are about to stop and to start again at once, as in a reload. The function that is
   * returned is called when that has ended, well or not.
   */
  hold?(modules: readonly string[]): () => void;
  /** Adds to what `setup` of the module gets. Called before each `setup`; must be quick. */
  context?(module: ModuleFacts<Section>): Readonly<Record<string, unknown>>;
  beforeSetup?(module: ModuleFacts<Section>, signal: AbortSignal): MaybePromise<void>;
  /** The module's state is `migrating` while these run. They have no time limit but the platform's own. */
  beforeStart?(module: ModuleFacts<Section>, signal: AbortSignal): MaybePromise<void>;
  /** The module's own start hooks have ended; it is not `running` before these have too. */
  afterStart?(module: ModuleFacts<Section>, signal: AbortSignal): MaybePromise<void>;
  /** The module's dependents have stopped; its own stop hooks have not run yet. */
  beforeStop?(module: ModuleFacts<Section>, signal: AbortSignal): MaybePromise<void>;
  /** Runs whether or not the module's stop hooks succeeded. */
  afterStop?(module: ModuleFacts<Section>, signal: AbortSignal): MaybePromise<void>;
  /** Runs once when the platform begins to stop, before any module stops: withdraw from traffic, wait for the grace. */
  drain?(signal: AbortSignal): MaybePromise<void>;
}

/**
 * A part of the host: a module that starts before all others, an extension of the kernel, or both.
 * A list of capabilities is what a platform is made of.
 */
export interface Capability {
  /** Must carry its manifest. */
  readonly module?: ModuleDefinition;
  /** The module's folder, absolute: what paths in its manifest, such as that of its migrations, are relative to. */
  readonly path?: string;
  /** The files that the manifest names, such as migrations, where they are part of the program. */
  readonly files?: ModuleFiles;
  // biome-ignore lint/suspicious/noExplicitAny: a list of extensions whose sections differ
  readonly extension?: Extension<any>;
  /** How the module's services are used by modules in processes of their own. */
  // biome-ignore lint/suspicious/noExplicitAny: a list of services of any type
  readonly remotes?: readonly RemoteService<any>[];
}

/** The running platform as its own modules see it. */
export interface PlatformHost {
  /** The host's API version, which `platform:` in a manifest is held against. */
  readonly version: string;
  status(): PlatformStatus;
  /** Runs the health checks of all running modules, side by side, each with its own timeout. */
  health(signal?: AbortSignal): Promise<readonly ModuleHealth[]>;
  /** Calls `listener` with each event until the returned function is called. A listener must not throw. */
  onEvent(listener: (event: PlatformEvent) => void): () => void;
}

/** The running platform, as a service that any module may require. */
export const Platform: ServiceRef<PlatformHost> = service<PlatformHost>("platform.platform");
