import { type CoreManifest, isUsefulDuration, namePattern } from "./core-schema.ts";
import { escapesLexically } from "./relative-path.ts";
import { type Ranges, rangeLimit, versionPattern } from "./semver.ts";
import { isMapping } from "./text.ts";

const nameForm = new RegExp(namePattern);
const versionForm = new RegExp(versionPattern);

/**
 * Whether the core keys of a manifest are plainly in order. It says the same as the core schema and
 * takes a fraction of its time on a first run; the schema has the last word on everything else.
 */
export function recogniseCore(value: Readonly<Record<string, unknown>>, ranges: Ranges): value is CoreManifest {
  const { name, version, description, platform, dependencies, main, critical, timeouts } = value;
  return (
    typeof name === "string" &&
    nameForm.test(name) &&
    typeof version === "string" &&
    version.length <= rangeLimit &&
    versionForm.test(version) &&
    (description === undefined || typeof description === "string") &&
    (platform === undefined || isRange(platform, ranges)) &&
    (dependencies === undefined || areDependencies(dependencies, ranges)) &&
    (main === undefined || (typeof main === "string" && escapesLexically(main) === undefined)) &&
    (critical === undefined || typeof critical === "boolean") &&
    (timeouts === undefined || areTimeouts(timeouts))
  );
}

function isRange(value: unknown, ranges: Ranges): boolean {
  return typeof value === "string" && ranges.isRange(value);
}

function areDependencies(value: unknown, ranges: Ranges): boolean {
  if (!isMapping(value)) return false;
  for (const name of Object.keys(value)) {
    const dependency = value[name];
    if (!nameForm.test(name) || !(isRange(dependency, ranges) || isDependency(dependency, ranges))) return false;
  }
  return true;
}

function isDependency(value: unknown, ranges: Ranges): boolean {
  if (!isMapping(value) || !isRange(value.version, ranges)) return false;
  if (value.optional !== undefined && typeof value.optional !== "boolean") return false;
  return Object.keys(value).every((key) => key === "version" || key === "optional");
}

function areTimeouts(value: unknown): boolean {
  return (
    isMapping(value) &&
    Object.keys(value).every((key) => key === "start" || key === "stop") &&
    Object.values(value).every((duration) => duration === undefined || isDuration(duration))
  );
}

function isDuration(value: unknown): boolean {
  return typeof value === "string" && isUsefulDuration(value);
}
