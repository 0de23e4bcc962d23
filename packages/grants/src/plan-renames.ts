import type { Rename } from "./codes.ts";
import { fits } from "./pattern.ts";
import type { Effect } from "./role.ts";
import type { StoredGrant } from "./stored.ts";

/** A rename, and whether the grants have followed it before. */
export interface KnownRename extends Rename {
  readonly isFollowed: boolean;
}

/**
 * The grants to write so that every role allows and denies under the new codes what it did under the
 * old ones. Nothing is taken away: a process that still runs the version before asks for the old
 * codes and finds them.
 *
 * A role gets the new code where one of its patterns fits the old code and none with the same effect
 * fits the new one. A rename that was followed before counts only for the old code itself, which then
 * was granted since: a wildcard has been dealt with, and what it had led to may have been taken away.
 * Where a role allows one and denies another of several codes that become one, it
 * denies that.
 *
 * @param renames each before those of its successor.
 */
export function planRenames(grants: readonly StoredGrant[], renames: readonly KnownRename[]): readonly StoredGrant[] {
  const written: StoredGrant[] = [];
  for (const [role, stored] of Map.groupBy(grants, (grant) => grant.role)) {
    const effects = new Map(stored.map(({ pattern, effect }) => [pattern, effect]));
    for (const { code, successor, isFollowed } of renames) {
      for (const effect of ["allow", "deny"] as const) {
        const isSaid = isFollowed ? effects.get(code) === effect : says(effects, effect, code);
        if (!isSaid || says(effects, effect, successor)) continue;
        if (effects.get(successor) !== "deny") effects.set(successor, effect);
      }
    }
    for (const [pattern, effect] of effects) {
      if (stored.some((grant) => grant.pattern === pattern && grant.effect === effect)) continue;
      written.push({ role, pattern, effect });
    }
  }
  return written;
}

function says(effects: ReadonlyMap<string, Effect>, effect: Effect, code: string): boolean {
  return [...effects].some(([pattern, said]) => said === effect && fits(pattern, code));
}
