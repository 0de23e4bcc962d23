import type { RegisteredModule } from "./boot-plan.ts";

/** Modules of which each name is there once, and the rest. */
export interface UniqueModules {
  /** Modules of the platform first. */
  readonly modules: readonly RegisteredModule[];
  /** How many of them are of the platform. */
  readonly platformSize: number;
  /** The position in `modules` of each name. */
  readonly byName: ReadonlyMap<string, number>;
  /** All modules of each name that is there more than once; the first is the one in `modules`. */
  readonly duplicates: readonly (readonly RegisteredModule[])[];
}

/** Keeps one module of each name: one of the platform if there is one, else the first by its path. */
export function uniqueModules(registered: readonly RegisteredModule[]): UniqueModules {
  const platform = registered.filter(isOfPlatform);
  const modules = platform.length === 0 ? registered : [...platform, ...registered.filter((one) => !isOfPlatform(one))];
  const byName = new Map<string, number>();
  for (let position = 0; position < modules.length; position++) {
    byName.set((modules[position] as RegisteredModule).manifest.name, position);
  }
  if (byName.size < modules.length) return withoutDuplicates(modules);
  return { modules, platformSize: platform.length, byName, duplicates: [] };
}

function isOfPlatform({ source }: RegisteredModule): boolean {
  return source === "platform";
}

function withoutDuplicates(modules: readonly RegisteredModule[]): UniqueModules {
  const unique: RegisteredModule[] = [];
  const byName = new Map<string, number>();
  const duplicates: RegisteredModule[][] = [];
  // Groups keep the order of their first members, so modules of the platform stay in front.
  for (const [name, group] of Map.groupBy(modules, ({ manifest }) => manifest.name)) {
    const [first, ...others] = group.sort(byPrecedence);
    if (first === undefined) continue;
    byName.set(name, unique.length);
    unique.push(first);
    if (others.length > 0) duplicates.push([first, ...others]);
  }
  return { modules: unique, platformSize: unique.filter(isOfPlatform).length, byName, duplicates };
}

function byPrecedence(a: RegisteredModule, b: RegisteredModule): number {
  const rank = (module: RegisteredModule) => (module.source === "platform" ? 0 : 1);
  // What a manifest says settles it where nothing else does, so that the order of registration never does.
  return (
    rank(a) - rank(b) ||
    compare(placeOf(a), placeOf(b)) ||
    compare(JSON.stringify(a.manifest), JSON.stringify(b.manifest))
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Where a module is, as people know it. */
export function placeOf({ path, manifest, source }: RegisteredModule): string {
  return path ?? manifest.file ?? (source === "platform" ? "part of the platform" : "given in code");
}
