import type { Manifest, MaybePromise, ModuleDefinition, ModuleFiles, ModuleSourceKind } from "@plinth/module";

/** The code of a module, as loading has made it. */
export interface ModuleCode {
  /** `undefined` for a module without code. */
  readonly definition: ModuleDefinition | undefined;
  /**
   * Whether the services that the module provides stay good while it is stopped and started again, so
   * that its dependents need not be. Default `false`.
   */
  readonly outlivesRestarts?: boolean;
  /** The id of the process that the code runs in, where that is not the host's; `undefined` while there is none. */
  pid?(): number | undefined;
  /** Lets go of what loading made. Called once, when the module will not be started again. */
  unload?(): MaybePromise<void>;
}

/** Gets the code of a module. Rejects with a PlatformError that says why it could not. */
export type LoadCode = (signal: AbortSignal) => Promise<ModuleCode>;

/** A module as it is registered: checked manifest, where it came from, and its code where that is already at hand. */
export interface RegisteredModule {
  readonly manifest: Manifest;
  readonly source: ModuleSourceKind;
  /** The module's folder, absolute; `undefined` for a module that is only in memory. */
  readonly path: string | undefined;
  /** The files of the folder that count, where they are part of the program; the folder is not looked at then. */
  readonly files?: ModuleFiles | undefined;
  /** Set for modules that are compiled in. */
  readonly definition: ModuleDefinition | undefined;
  /** How the code is got where `definition` is not set. Default: the entry file in `path` is imported. */
  readonly load?: LoadCode | undefined;
}

/** A module with its place in the plan. */
export interface PlannedModule extends RegisteredModule {
  /** Position in {@link BootPlan.modules}. */
  readonly index: number;
  /** Positions of the modules that must have started before this one, ascending, all smaller than `index`. */
  readonly dependencies: readonly number[];
  /** Positions of the modules that wait for this one, ascending, all larger than `index`. */
  readonly dependents: readonly number[];
}

/**
 * The order in which modules start. It is the same for the same modules, in whatever order they
 * were registered: by level, which is the longest chain of dependencies below a module, and by name
 * within a level. Platform modules come before all others, which depend on them without saying so.
 */
export interface BootPlan {
  readonly modules: readonly PlannedModule[];
}
