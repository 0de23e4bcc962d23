import { nearest, type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import SemVer from "semver/classes/semver.js";
import type { Locate } from "../manifest/locate.ts";
import type { Ranges } from "../manifest/semver.ts";
import type { RegisteredModule } from "./boot-plan.ts";
import type { Requirement } from "./requirement.ts";
import { placeOf } from "./unique-modules.ts";

/** How many of several are named before the rest is only counted. */
const namedLimit = 20;

/** How many missing names are compared with all that are there, which is slow in a large platform. */
const suggestionLimit = 200;

/** What the errors are made with. */
export interface Reporting {
  readonly modules: readonly RegisteredModule[];
  readonly locate: Locate;
  readonly ranges: Ranges;
  readonly hostVersion: string;
}

/** One error for each module that is not there, with those who require it. */
export function missingErrors(missing: readonly Requirement[], reporting: Reporting): PlatformError[] {
  const present = reporting.modules.map(({ manifest }) => manifest.name).sort();
  return byTarget(missing).map(([name, requirements], index) => {
    const near = index < suggestionLimit ? nearest(name, present) : undefined;
    const otherwise = "add the module to the platform, or mark the dependency as optional.";
    const mend = near === undefined ? `A${otherwise.slice(1)}` : `Did you mean "${near}"? Otherwise ${otherwise}`;
    const requirers = enumerate(
      requirements.map(({ by, dependency }) => `"${by.manifest.name}" (${dependency.range})`),
    );
    return platformError("GRAPH_MISSING", { name, requirers, mend }, { at: placesOf(requirements, reporting) });
  });
}

/** One error for each module whose version does not satisfy all who depend on it, with all of them. */
export function versionErrors(mismatched: readonly Requirement[], reporting: Reporting): PlatformError[] {
  const versions = new Map(reporting.modules.map(({ manifest }) => [manifest.name, manifest.version]));
  const failing = new Set(mismatched.map(({ dependency }) => dependency));
  const content = Map.groupBy(
    requirementsOf(reporting.modules).filter(({ dependency }) => !failing.has(dependency)),
    ({ dependency }) => dependency.name,
  );
  return byTarget(mismatched).flatMap(([name, requirements]) => {
    const version = versions.get(name) ?? "";
    const release = releaseOf(version);
    const isPreRelease = ({ dependency }: Requirement) =>
      release !== undefined && reporting.ranges.satisfies(release, dependency.range);
    const others = requirements.filter((requirement) => !isPreRelease(requirement));
    const early = requirements.filter(isPreRelease);
    return [
      ...(others.length === 0 ? [] : [versionError(name, version, others, content.get(name) ?? [], reporting)]),
      ...(early.length === 0 ? [] : [preReleaseError(name, version, early, reporting)]),
    ];
  });
}

function versionError(
  name: string,
  version: string,
  requirements: readonly Requirement[],
  satisfied: readonly Requirement[],
  reporting: Reporting,
): PlatformError {
  const accepted = satisfied.map(({ by, dependency }) => `"${by.manifest.name}" with ${dependency.range}`);
  const requirers = `${needs(requirements)}${accepted.length === 0 ? "" : ` (satisfied: ${enumerate(accepted.sort())})`}`;
  const at = [...placesOf(requirements, reporting), ...placesOfKey(name, "version", reporting)];
  return platformError("GRAPH_VERSION", { name, version, requirers }, { at });
}

function preReleaseError(
  name: string,
  version: string,
  requirements: readonly Requirement[],
  reporting: Reporting,
): PlatformError {
  const at = [...placesOf(requirements, reporting), ...placesOfKey(name, "version", reporting)];
  return platformError("GRAPH_PRERELEASE", { name, version, requirers: needs(requirements) }, { at });
}

/** The release that a version comes before; `undefined` for a release. */
function releaseOf(version: string): string | undefined {
  const { major, minor, patch, prerelease } = new SemVer(version);
  return prerelease.length === 0 ? undefined : `${major}.${minor}.${patch}`;
}

/** One error for each name that several modules have. */
export function duplicateErrors(
  duplicates: readonly (readonly RegisteredModule[])[],
  { locate }: Reporting,
): PlatformError[] {
  const sorted = [...duplicates].sort(([a], [b]) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return sorted.flatMap((group) => {
    const name = nameOf(group[0]);
    const at = (modules: readonly RegisteredModule[]) =>
      modules
        .slice(0, namedLimit)
        .flatMap(({ manifest }) => (manifest.file === undefined ? [] : [locate(manifest.file, ["name"])]));
    const isTaken = group[0]?.source === "platform";
    const intruders = isTaken ? group.filter(({ source }) => source !== "platform") : [];
    const equals = isTaken ? group.filter(({ source }) => source === "platform") : group;
    const paths = enumerate(equals.map(placeOf));
    return [
      ...intruders.map((module) =>
        platformError("GRAPH_NAME_TAKEN", { name, path: placeOf(module) }, { at: at([module]) }),
      ),
      ...(equals.length < 2
        ? []
        : [platformError("GRAPH_DUPLICATE", { name, count: equals.length, paths }, { at: at(equals) })]),
    ];
  });
}

/** One error for each module that was written for another version of the host. */
export function hostErrors(misplaced: readonly RegisteredModule[], reporting: Reporting): PlatformError[] {
  const version = reporting.hostVersion;
  const release = releaseOf(version);
  return [...misplaced].sort(byName).map(({ manifest: { name, platform: range = "", file } }) => {
    const mend =
      release !== undefined && reporting.ranges.satisfies(release, range)
        ? `Write ^${version}: a range takes a pre-release only when it names one of the same version.`
        : `Bring in a version of "${name}" for this platform, or widen the range where it works.`;
    const at = file === undefined ? [] : [reporting.locate(file, ["platform"])];
    return platformError("GRAPH_HOST_VERSION", { name, range, version, mend }, { at });
  });
}

/** One error for each wish of a platform module for a module of the application. */
export function misdirectedErrors(misdirected: readonly Requirement[], reporting: Reporting): PlatformError[] {
  return [...misdirected].sort(byRequirer).map((requirement) => {
    const values = { name: requirement.by.manifest.name, dependency: requirement.dependency.name };
    return platformError("GRAPH_PLATFORM_DEPENDENCY", values, { at: placesOf([requirement], reporting) });
  });
}

/** The error for modules of which each depends on the next, and the last on the first. */
export function cycleError(cycle: readonly RegisteredModule[], reporting: Reporting): PlatformError {
  const names = cycle.map(({ manifest }) => manifest.name);
  const shown =
    names.length <= namedLimit
      ? [...names, names[0]]
      : [
          ...names.slice(0, namedLimit / 2),
          `(${names.length - namedLimit} more)`,
          ...names.slice(-namedLimit / 2),
          names[0],
        ];
  const at = cycle.slice(0, namedLimit).flatMap(({ manifest: { file } }, index) => {
    const next = names[(index + 1) % names.length] as string;
    return file === undefined ? [] : [reporting.locate(file, ["dependencies", next])];
  });
  return platformError("GRAPH_CYCLE", { cycle: shown.join(" -> ") }, { at });
}

function requirementsOf(modules: readonly RegisteredModule[]): Requirement[] {
  return modules.flatMap((by) => by.manifest.dependencies.map((dependency) => ({ by, dependency })));
}

function byTarget(requirements: readonly Requirement[]): [string, Requirement[]][] {
  const groups = [...Map.groupBy(requirements, ({ dependency }) => dependency.name)];
  for (const [, group] of groups) group.sort(byRequirer);
  return groups.sort(([a], [b]) => (a < b ? -1 : 1));
}

function placesOf(requirements: readonly Requirement[], { locate }: Reporting): SourceLocation[] {
  return requirements
    .slice(0, namedLimit)
    .flatMap(({ by: { manifest }, dependency }) =>
      manifest.file === undefined ? [] : [locate(manifest.file, ["dependencies", dependency.name])],
    );
}

function placesOfKey(name: string, key: string, { modules, locate }: Reporting): SourceLocation[] {
  const file = modules.find(({ manifest }) => manifest.name === name)?.manifest.file;
  return file === undefined ? [] : [locate(file, [key])];
}

function needs(requirements: readonly Requirement[]): string {
  return enumerate(requirements.map(({ by, dependency }) => `"${by.manifest.name}" needs ${dependency.range}`));
}

/** `a`, `a and b`, `a, b and c`; of very many the first, and how many more there are. */
function enumerate(parts: readonly string[]): string {
  const shown =
    parts.length <= namedLimit ? parts : [...parts.slice(0, namedLimit), `${parts.length - namedLimit} more`];
  return shown.length === 1 ? (shown[0] as string) : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

function nameOf(module: RegisteredModule | undefined): string {
  return module?.manifest.name ?? "";
}

function byName(a: RegisteredModule, b: RegisteredModule): number {
  return a.manifest.name < b.manifest.name ? -1 : a.manifest.name > b.manifest.name ? 1 : 0;
}

function byRequirer(a: Requirement, b: Requirement): number {
  return byName(a.by, b.by) || (a.dependency.name < b.dependency.name ? -1 : 1);
}
