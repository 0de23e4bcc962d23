import type { Ranges } from "../manifest/semver.ts";
import type { RegisteredModule } from "./boot-plan.ts";
import type { Requirement } from "./requirement.ts";

/** Who starts after whom, and which wishes cannot be granted. Modules are numbered by their position. */
export interface LinkedModules {
  /** Positions of the modules that each module starts after; those that are not in the manifest included. */
  readonly dependencies: readonly (readonly number[])[];
  /** Wishes for modules that are not there. */
  readonly missing: readonly Requirement[];
  /** Wishes for another version of a module than the one that is there. */
  readonly mismatched: readonly Requirement[];
  /** Wishes of platform modules for modules of the application. */
  readonly misdirected: readonly Requirement[];
  /** Modules that work with another version of the host. */
  readonly misplaced: readonly RegisteredModule[];
}

/** What wishes are held against. */
export interface LinkOptions {
  readonly hostVersion: string;
  readonly refused?: Iterable<string>;
  readonly ranges: Ranges;
}

/**
 * Finds for each wish of each module the module that grants it. Application modules that depend on
 * none of their like are put after all platform modules, by edges to those of them that no other
 * platform module waits for; all other application modules follow from that.
 */
export function linkModules(
  modules: readonly RegisteredModule[],
  byName: ReadonlyMap<string, number>,
  { hostVersion, refused = [], ranges }: LinkOptions,
): LinkedModules {
  const dependencies: number[][] = [];
  const missing: Requirement[] = [];
  const mismatched: Requirement[] = [];
  const misdirected: Requirement[] = [];
  const misplaced: RegisteredModule[] = [];
  const excused = new Set(refused);
  // The range that was last found to be satisfied, for each module: nearly all who depend on it say the same.
  const satisfied = new Array<string | undefined>(modules.length).fill(undefined);
  let hostSatisfies: string | undefined;
  const isAwaited = new Uint8Array(modules.length);
  const isFirst = new Uint8Array(modules.length);

  for (let position = 0; position < modules.length; position++) {
    const module = modules[position] as RegisteredModule;
    const { manifest } = module;
    const isPlatform = module.source === "platform";
    const targets: number[] = [];
    let dependsOnApplication = false;
    for (const dependency of manifest.dependencies) {
      const target = byName.get(dependency.name);
      if (target === undefined) {
        if (!dependency.optional && !excused.has(dependency.name)) missing.push({ by: module, dependency });
        continue;
      }
      const other = modules[target] as RegisteredModule;
      if (satisfied[target] !== dependency.range) {
        if (ranges.satisfies(other.manifest.version, dependency.range)) satisfied[target] = dependency.range;
        else mismatched.push({ by: module, dependency });
      }
      if (other.source === "platform") {
        if (isPlatform) isAwaited[target] = 1;
      } else if (isPlatform) {
        misdirected.push({ by: module, dependency });
        continue;
      } else dependsOnApplication = true;
      targets.push(target);
    }
    if (manifest.platform !== undefined && manifest.platform !== hostSatisfies) {
      if (ranges.satisfies(hostVersion, manifest.platform)) hostSatisfies = manifest.platform;
      else misplaced.push(module);
    }
    if (!isPlatform && !dependsOnApplication) isFirst[position] = 1;
    dependencies.push(targets);
  }
  addPlatform(modules, dependencies, isAwaited, isFirst);
  return { dependencies, missing, mismatched, misdirected, misplaced };
}

function addPlatform(
  modules: readonly RegisteredModule[],
  dependencies: readonly number[][],
  isAwaited: Uint8Array,
  isFirst: Uint8Array,
): void {
  const last: number[] = [];
  for (const [position, module] of modules.entries()) {
    if (module.source === "platform" && isAwaited[position] === 0) last.push(position);
  }
  if (last.length === 0) return;
  for (const [position, targets] of dependencies.entries()) {
    if (isFirst[position] === 0) continue;
    for (const target of last) if (!targets.includes(target)) targets.push(target);
  }
}
