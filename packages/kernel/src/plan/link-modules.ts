import type { Dependency } from "@plinth/module";
import type { Ranges } from "../manifest/semver.ts";
import type { RegisteredModule } from "./boot-plan.ts";
import type { Edges } from "./dependency-graph.ts";
import type { Requirement } from "./requirement.ts";
import type { UniqueModules } from "./unique-modules.ts";
import { VersionCheck } from "./version-check.ts";

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
export function linkModules(unique: UniqueModules, options: LinkOptions): LinkedModules {
  const linking = new Linking(unique, options);
  const { modules } = unique;
  const starts = new Int32Array(modules.length + 1);
  for (let position = 0; position < modules.length; position++) {
    linking.link(modules[position] as RegisteredModule);
    starts[position + 1] = linking.targets.length;
  }
  const { missing, mismatched, misdirected, misplaced } = linking;
  const dependencies = { starts, targets: new Int32Array(linking.targets) };
  return { dependencies, missing, mismatched, misdirected, misplaced };
}

/** What has been found out so far, module by module. */
class Linking {
  readonly targets: number[] = [];
  readonly missing: Requirement[] = [];
  readonly mismatched: Requirement[] = [];
  readonly misdirected: Requirement[] = [];
  readonly misplaced: RegisteredModule[] = [];
  private readonly byName: ReadonlyMap<string, number>;
  private readonly platformSize: number;
  private readonly versions: VersionCheck;
  private readonly excused: ReadonlySet<string>;
  private readonly ranges: Ranges;
  private readonly hostVersion: string;
  private satisfiedByHost = "";
  private lastOfPlatform: readonly number[] | undefined;

  constructor({ modules, byName, platformSize }: UniqueModules, { ranges, hostVersion, refused }: LinkOptions) {
    this.byName = byName;
    this.platformSize = platformSize;
    this.versions = new VersionCheck(modules, ranges);
    this.excused = new Set(refused);
    this.ranges = ranges;
    this.hostVersion = hostVersion;
  }

  /** Takes the next module, those of the platform first. */
  link(by: RegisteredModule): void {
    const { platform, dependencies } = by.manifest;
    if (platform !== undefined && platform !== this.satisfiedByHost) this.checkHost(by, platform);
    if (by.source === "platform") this.linkPlatform(by, dependencies);
    else this.linkApplication(by, dependencies);
  }

  private linkPlatform(by: RegisteredModule, dependencies: readonly Dependency[]): void {
    for (const dependency of dependencies) {
      const target = this.find(by, dependency);
      if (target === undefined) continue;
      if (target < this.platformSize) this.targets.push(target);
      else this.misdirected.push({ by, dependency });
    }
  }

  private linkApplication(by: RegisteredModule, dependencies: readonly Dependency[]): void {
    // The modules of the platform stand before all others: their edges are all there are so far.
    this.lastOfPlatform ??= notAwaited(this.platformSize, this.targets);
    const begin = this.targets.length;
    let needsApplication = false;
    for (const dependency of dependencies) {
      const target = this.find(by, dependency);
      if (target === undefined) continue;
      this.targets.push(target);
      if (target >= this.platformSize) needsApplication = true;
    }
    if (needsApplication) return;
    for (const target of this.lastOfPlatform) if (!this.targets.includes(target, begin)) this.targets.push(target);
  }

  /** The position of the module that a wish is for; `undefined` where it is not there. */
  private find(by: RegisteredModule, dependency: Dependency): number | undefined {
    const target = this.byName.get(dependency.name);
    if (target === undefined) {
      if (!dependency.optional && !this.excused.has(dependency.name)) this.missing.push({ by, dependency });
    } else if (!this.versions.satisfies(target, dependency.range)) this.mismatched.push({ by, dependency });
    return target;
  }

  private checkHost(by: RegisteredModule, range: string): void {
    if (this.ranges.satisfies(this.hostVersion, range)) this.satisfiedByHost = range;
    else this.misplaced.push(by);
  }
}

/** The modules of the platform that no other of them waits for. */
function notAwaited(platformSize: number, awaited: readonly number[]): number[] {
  const isAwaited = new Set(awaited);
  const last: number[] = [];
  for (let position = 0; position < platformSize; position++) if (!isAwaited.has(position)) last.push(position);
  return last;
}
