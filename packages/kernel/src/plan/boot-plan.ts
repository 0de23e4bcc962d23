import type { Manifest, ModuleDefinition, ModuleFiles, ModuleSourceKind } from "@plinth/module";

/** A module as it is registered: checked manifest, where it came from, and its code where that is already at hand. */
export interface RegisteredModule {
  readonly manifest: Manifest;
  readonly source: ModuleSourceKind;
  /** The module's folder, absolute; `undefined` for a module that is only in memory. */
  readonly path: string | undefined;
  /** The files of the folder that count, where they are part of the program; the folder is not looked at then. */
  readonly files?: ModuleFiles | undefined;
  /** Set for modules that are compiled in; the loader imports the others from `path`. */
  readonly definition: ModuleDefinition | undefined;
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
