import { type PlatformError, platformError } from "@plinth/module";
import type { Origin } from "./origin.ts";
import { describeValue, isMapping } from "./text.ts";
import type { ValuePath } from "./yaml-events.ts";
import { depthLimit, forbiddenKeys, isExact } from "./yaml-value.ts";

/**
 * Holds a value that was not parsed to what a parsed one can be: plain data, not too deep, no keys
 * that reach into prototypes, no circles. Keys whose value is `undefined` count as absent.
 */
export function checkData(value: unknown, origin: Origin): PlatformError[] {
  return check(value, [], { origin, left: new Map(), problems: [] }).problems;
}

interface Checking {
  readonly origin: Origin;
  /** Whether an object has been left again: what is shared is looked at once, and one that is still open is a circle. */
  readonly left: Map<unknown, boolean>;
  readonly problems: PlatformError[];
}

function check(value: unknown, path: ValuePath, checking: Checking): Checking {
  const { origin, left, problems } = checking;
  const refuse = (found: string) => {
    const values = { key: origin.describe(path), found };
    problems.push(platformError("MANIFEST_NOT_DATA", values, { at: origin.at(path, "value") }));
  };
  if (value === null || value === undefined || typeof value === "string" || typeof value === "boolean") return checking;
  if (typeof value === "number") {
    if (!isExact(value)) refuse(describeValue(value));
  } else if (!Array.isArray(value) && !isMapping(value)) refuse(describeValue(value));
  else if (path.length >= depthLimit) refuse(`nested deeper than ${depthLimit} levels`);
  else if (left.get(value) === false) refuse("part of itself");
  else if (!left.has(value)) {
    left.set(value, false);
    for (const [key, inner] of Object.entries(value)) {
      const innerPath = [...path, Array.isArray(value) ? Number(key) : key];
      if (forbiddenKeys.has(key)) {
        const values = { key: origin.describe(innerPath) };
        problems.push(platformError("MANIFEST_FORBIDDEN_KEY", values, { at: origin.at(innerPath, "key") }));
      } else check(inner, innerPath, checking);
    }
    left.set(value, true);
  }
  return checking;
}
