import type { Target } from "./target.ts";

/** What decides who may be picked. */
export interface CandidateRules {
  /** The caller's zone. */
  readonly zone: string | undefined;
  /** Below this part of targets that are not ejected, ejections are disregarded: from 0 to 1. */
  readonly panicThreshold: number;
}

/** Who may be picked, until the next snapshot or ejection. */
export interface Candidates {
  readonly all: readonly Target[];
  /** Those of the caller's zone; `undefined` when there are none, or no others. */
  readonly local: readonly Target[] | undefined;
  /** Whether doubtful ones are among them: ejected, or `down` because nothing better is left. */
  readonly panic: boolean;
}

/**
 * The targets in the best state that anybody is in: `up`, else `warning`, else `draining` (which still
 * serves), else `down` (the registry may err about all of them).
 *
 * @param warning Whether `warning` is as good as `up`.
 */
export function routableTargets<T extends Target>(targets: readonly T[], warning: boolean): readonly T[] {
  const tiers = warning ? [["up", "warning"], ["draining"], ["down"]] : [["up"], ["warning"], ["draining"], ["down"]];
  for (const tier of tiers) {
    const found = targets.filter(({ instance }) => tier.includes(instance.state));
    if (found.length > 0) return found;
  }
  return [];
}

/** Leaves out who is ejected, unless too few would be left, and finds those of the caller's zone. */
export function chooseCandidates(routable: readonly Target[], rules: CandidateRules): Candidates {
  const sound = routable.filter((target) => !target.ejected);
  const doubtful = sound.length < routable.length * rules.panicThreshold || sound.length === 0;
  const all = doubtful ? routable : sound;
  const down = routable[0]?.instance.state === "down";
  return { all, local: localTargets(all, routable, rules.zone), panic: routable.length > 0 && (doubtful || down) };
}

function localTargets(
  all: readonly Target[],
  routable: readonly Target[],
  zone: string | undefined,
): readonly Target[] | undefined {
  if (zone === undefined) return undefined;
  // Hints are a plan for all endpoints together: half of a plan would leave some endpoints without callers.
  const hinted = routable.every(({ instance }) => (instance.locality?.hintZones?.length ?? 0) > 0);
  const local = all.filter(({ instance: { locality } }) =>
    hinted ? locality?.hintZones?.includes(zone) : locality?.zone === zone,
  );
  return local.length === 0 || local.length === all.length ? undefined : local;
}
