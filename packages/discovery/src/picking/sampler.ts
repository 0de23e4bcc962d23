import type { Target } from "./target.ts";

/**
 * Targets prepared for drawing two of them by weight in constant time: by the alias method (Walker,
 * Vose) where weights differ, by position where they do not.
 */
export interface Sampler {
  readonly targets: readonly Target[];
  /** Set where weights differ: the probability that a position stands for itself. */
  readonly keep: Float64Array | undefined;
  /** For what a position stands otherwise. */
  readonly alias: Int32Array | undefined;
}

/** Prepares `targets`; linear in their number. */
export function createSampler(targets: readonly Target[]): Sampler {
  const first = targets[0]?.weight;
  if (targets.every(({ weight }) => weight === first)) return { targets, keep: undefined, alias: undefined };
  const count = targets.length;
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  const share = Float64Array.from(targets, ({ weight }) => (weight * count) / total);
  const keep = new Float64Array(count).fill(1);
  const alias = new Int32Array(count);
  const poor: number[] = [];
  const rich: number[] = [];
  for (let index = 0; index < count; index += 1) (at(share, index) < 1 ? poor : rich).push(index);
  while (poor.length > 0 && rich.length > 0) {
    const taker = poor.pop() as number;
    const giver = rich.pop() as number;
    keep[taker] = at(share, taker);
    alias[taker] = giver;
    share[giver] = at(share, giver) + at(share, taker) - 1;
    (at(share, giver) < 1 ? poor : rich).push(giver);
  }
  return { targets, keep, alias };
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] as number;
}

/**
 * Draws two targets, different ones where there are two, and gives the one that `better` prefers.
 * `random` returns numbers from 0 up to 1. `undefined` when there is none.
 */
export function drawTwo(
  { targets, keep, alias }: Sampler,
  random: () => number,
  better: (a: Target, b: Target) => Target,
): Target | undefined {
  const count = targets.length;
  if (count < 2) return targets[0];
  // One number gives both positions: its fraction has more than 30 random bits left.
  const draw = random() * count;
  let a = draw | 0;
  const rest = draw - a;
  let b: number;
  if (keep === undefined || alias === undefined) {
    b = (rest * (count - 1)) | 0;
    if (b >= a) b += 1;
  } else {
    if (rest >= (keep[a] as number)) a = alias[a] as number;
    const second = random() * count;
    b = second | 0;
    if (second - b >= (keep[b] as number)) b = alias[b] as number;
    if (a === b) b = a + 1 === count ? 0 : a + 1;
  }
  return better(targets[a] as Target, targets[b] as Target);
}
