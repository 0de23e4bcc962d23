import type { RegisteredModule } from "./boot-plan.ts";

/** Modules of which each name is there once, and the rest. */
export interface UniqueModules {
  readonly modules: readonly RegisteredModule[];
  /** The position in `modules` of each name. */
  readonly byName: ReadonlyMap<string, number>;
  /** All modules of each name that is there more than once; the first is the one in `modules`. */
  readonly duplicates: readonly (readonly RegisteredModule[])[];
}

/** Keeps one module of each name: one of the platform if there is one, else the first by its path. */
export function uniqueModules(modules: readonly RegisteredModule[]): UniqueModules {
  const byName = new Map<string, number>();
  for (const module of modules) byName.set(module.manifest.name, byName.size);
  if (byName.size === modules.length) return { modules, byName, duplicates: [] };
  return withoutDuplicates(modules);
}

function withoutDuplicates(modules: readonly RegisteredModule[]): UniqueModules {
  const groups = Map.groupBy(modules, ({ manifest }) => manifest.name);
  const unique: RegisteredModule[] = [];
  const byName = new Map<string, number>();
  const duplicates: RegisteredModule[][] = [];
  for (const [name, group] of groups) {
    const [first, ...others] = group.sort(byPrecedence);
    if (first === undefined) continue;
    byName.set(name, unique.length);
    unique.push(first);
    if (others.length > 0) duplicates.push([first, ...others]);
  }
  return { modules: unique, byName, duplicates };
}

function byPrecedence(a: RegisteredModule, b: RegisteredModule): number {
  const isPlatform = (module: RegisteredModule) => (module.source === "platform" ? 0 : 1);
  const difference = isPlatform(a) - isPlatform(b);
  if (difference !== 0) return difference;
  const [one, other] = [placeOf(a), placeOf(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Where a module is, as people know it. */
export function placeOf({ path, manifest, source }: RegisteredModule): string {
  return path ?? manifest.file ?? (source === "platform" ? "part of the platform" : "given in code");
}
