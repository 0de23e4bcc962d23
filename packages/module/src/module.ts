import type { Clock } from "./clock.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Logger } from "./log.ts";
import type { ManifestInput } from "./manifest.ts";
import type { Scoped, ServiceOf, ServiceRefs } from "./service.ts";

/** What every module's `setup` gets besides the services it requires. */
export interface ModuleContext<Config> {
  /** The module's validated settings, with defaults. */
  readonly config: Config;
  readonly log: Logger;
  /** The platform's time; a test's own where it hands one in. */
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
}

type Reserved = keyof ModuleContext<unknown>;

/** Turns a name that the context already has into a type error that says so. */
type FreeNames<Refs> = {
  readonly [Name in keyof Refs & Reserved]: `the platform itself gives "${Name}" to setup: choose another name`;
};

/** The services behind a record of references. */
export type ServicesOf<Refs> = { readonly [Name in keyof Refs]: ServiceOf<Refs[Name]> };

/** The exact context of a module: what it requires, what it may get, and nothing else. */
export type SetupContext<Config, Requires, Optional> = ModuleContext<Config> &
  ServicesOf<Requires> & { readonly [Name in keyof Optional]: ServiceOf<Optional[Name]> | undefined };

/** What `setup` must return: the provided services, and nothing where none are. */
export type SetupResult<Provides> = keyof Provides extends never
  ? void
  : { readonly [Name in keyof Provides]: ServiceOf<Provides[Name]> | Scoped<ServiceOf<Provides[Name]>> };

/** A module as its author writes it. */
export interface ModuleSpec<Config, Requires, Optional, Provides> {
  /** Services that must be there; each comes from a declared dependency or from the platform. */
  readonly requires?: Requires & FreeNames<Requires>;
  /** Services that may be absent; `undefined` then. Each comes from a declared dependency, optional or not. */
  readonly optional?: Optional & FreeNames<Optional>;
  /** Services that this module gives to others. */
  readonly provides?: Provides;
  /** Wires the module together, synchronously: what takes time goes into `lifecycle.onStart`. */
  setup?(context: SetupContext<Config, Requires, Optional>): SetupResult<Provides>;
}

const moduleBrand: unique symbol = Symbol.for("plinth.module");

/** A module that `defineModule` has made, its types erased. */
export interface ModuleDefinition {
  readonly [moduleBrand]: true;
  /** The manifest given to `defineModule`; `undefined` where the loader supplies it. */
  readonly manifest: ManifestInput | undefined;
  readonly requires: ServiceRefs;
  readonly optional: ServiceRefs;
  readonly provides: ServiceRefs;
  readonly setup: (context: ModuleContext<unknown> & Readonly<Record<string, unknown>>) => unknown;
}

/** No references at all: what a record of references is inferred to be when it is left out. */
export type NoRefs = Readonly<Record<never, never>>;

/**
 * Defines a module whose manifest is the `module.yaml` in its folder; the loader supplies it.
 * Checks nothing at run time: the platform does that when it loads the module.
 */
export function defineModule<
  Requires extends ServiceRefs = NoRefs,
  Optional extends ServiceRefs = NoRefs,
  Provides extends ServiceRefs = NoRefs,
>(spec: ModuleSpec<Readonly<Record<string, unknown>>, Requires, Optional, Provides>): ModuleDefinition;
/**
 * Defines a module with its manifest: the generated constant of `module.gen.ts`, which also types
 * the settings, or an inline object.
 */
export function defineModule<
  Config = Readonly<Record<string, unknown>>,
  Requires extends ServiceRefs = NoRefs,
  Optional extends ServiceRefs = NoRefs,
  Provides extends ServiceRefs = NoRefs,
>(
  manifest: ManifestInput<Config>,
  spec: ModuleSpec<Config, Requires, Optional, Provides>,
): ModuleDefinition & { readonly manifest: ManifestInput<Config> };
export function defineModule(...args: [ErasedSpec] | [ManifestInput<unknown>, ErasedSpec]): ModuleDefinition {
  const [manifest, spec] = args.length === 2 ? args : [undefined, args[0]];
  return Object.freeze({
    [moduleBrand]: true as const,
    manifest: manifest as ManifestInput | undefined,
    requires: spec.requires ?? {},
    optional: spec.optional ?? {},
    provides: spec.provides ?? {},
    setup: (spec.setup ?? nothing) as ModuleDefinition["setup"],
  });
}

type ErasedSpec = {
  readonly requires?: ServiceRefs;
  readonly optional?: ServiceRefs;
  readonly provides?: ServiceRefs;
  readonly setup?: unknown;
};

function nothing(): void {}

/** Whether `value` was made by `defineModule`, of whichever copy of this package. */
export function isModuleDefinition(value: unknown): value is ModuleDefinition {
  return typeof value === "object" && value !== null && moduleBrand in value;
}
