/** A service of a dependency that a new module requires. */
export interface RequiredService {
  /** What to import, as in `@helpdesk/identity`; for a module that is no package a path from `src`. */
  readonly specifier: string;
  /** The exported name. */
  readonly name: string;
  /** What it is called in the new module, where the name is taken. */
  readonly alias: string;
}

/** A module that a new one depends on. */
export interface PlannedDependency {
  readonly name: string;
  readonly version: string;
  readonly service: RequiredService;
  /** Its package, and the version that the new one's package.json asks for; `undefined` where it is no package. */
  readonly package: { readonly name: string; readonly range: string } | undefined;
}

/** Everything that decides what a new module looks like. */
export interface ModulePlan {
  readonly name: string;
  /** The scope of its package, as in `@helpdesk`; `undefined` where it is no package. */
  readonly scope: string | undefined;
  /** Whether it keeps its entries in the database, with a first migration, instead of in memory. */
  readonly database: boolean;
  /** Whether it has routes, with permissions. */
  readonly http: boolean;
  readonly dependencies: readonly PlannedDependency[];
  /** The version of the host's API that it is written for. */
  readonly hostVersion: string;
  /** The schema for editors, relative to the module's folder. */
  readonly schema: string;
  /** The version of a package that its package.json asks for. */
  readonly rangeOf: (packageName: string) => string;
}
