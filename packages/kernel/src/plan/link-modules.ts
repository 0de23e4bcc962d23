import type { Ranges } from "../manifest/semver.ts";
import type { RegisteredModule } from "./boot-plan.ts";
import type { Edges } from "./dependency-graph.ts";
import type { Requirement } from "./requirement.ts";
import type { UniqueModules } from "./unique-modules.ts";

/** Who starts after whom, and which wishes cannot be granted. Modules are numbered by their position. */
export interface LinkedModules {
  /** From each module to those it starts after, also where its manifest does not name them. */
  readonly dependencies: Edges;
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
 * none of their like are put after all platform modules, by edges to those that no other platform
 * module waits for; for all other application modules it follows from that.
 */
export function linkModules(
  { modules, byName }: Pick<UniqueModules, "modules" | "byName">,
  { hostVersion, refused = [], ranges }: LinkOptions,
): LinkedModules {
  const missing: Requirement[] = [];
  const mismatched: Requirement[] = [];
  const misdirected: Requirement[] = [];
  const misplaced: RegisteredModule[] = [];
  const excused = new Set(refused);
  const starts = new Int32Array(modules.length + 1);
  const targets: number[] = [];
  // The range that each module was last found to satisfy: nearly all who depend on it ask for the same.
  const satisfied = new Array<string>(modules.length).fill("");
  let hostSatisfies = "";
  let lastOfPlatform: readonly number[] | undefined;

  for (let position = 0; position < modules.length; position++) {
    const by = modules[position] as RegisteredModule;
    const { platform, dependencies } = by.manifest;
    const isPlatform = by.source === "platform";
    let needsApplication = false;
    // The modules of the platform stand before all others: their edges are all there are so far.
    if (!isPlatform) lastOfPlatform ??= notAwaited(modules, targets);
    for (const dependency of dependencies) {
      const target = byName.get(dependency.name);
      if (target === undefined) {
        if (!dependency.optional && !excused.has(dependency.name)) missing.push({ by, dependency });
        continue;
      }
      const { manifest, source } = modules[target] as RegisteredModule;
      if (satisfied[target] !== dependency.range) {
        if (ranges.satisfies(manifest.version, dependency.range)) satisfied[target] = dependency.range;
        else mismatched.push({ by, dependency });
      }
      if (source !== "platform") {
        if (isPlatform) {
          misdirected.push({ by, dependency });
          continue;
        }
        needsApplication = true;
      }
      targets.push(target);
    }
    if (platform !== undefined && platform !== hostSatisfies) {
      if (ranges.satisfies(hostVersion, platform)) hostSatisfies = platform;
      else misplaced.push(by);
    }
    if (!isPlatform && !needsApplication) {
      const begin = starts[position] as number;
      for (const target of lastOfPlatform ?? []) if (!targets.includes(target, begin)) targets.push(target);
    }
    starts[position + 1] = targets.length;
  }
  return { dependencies: { starts, targets: new Int32Array(targets) }, missing, mismatched, misdirected, misplaced };
}

/** The modules of the platform that no other of them waits for. */
function notAwaited(modules: readonly RegisteredModule[], awaited: readonly number[]): number[] {
  const isAwaited = new Set(awaited);
  const last: number[] = [];
  for (let position = 0; modules[position]?.source === "platform"; position++) {
    if (!isAwaited.has(position)) last.push(position);
  }
  return last;
}
