/** Modules as numbers; each depends only on smaller ones. */
export interface Graph {
  readonly count: number;
  /** The numbers of the modules that each module needs. */
  readonly needs: readonly (readonly number[])[];
}

/** A graph that is the same for the same arguments: up to three needs a module, spread over all earlier ones. */
export function randomGraph(count: number, seed = 1): Graph {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const needs: number[][] = [];
  for (let module = 0; module < count; module += 1) {
    const chosen = new Set<number>();
    const wanted = Math.min(module, Math.floor(random() * 4));
    while (chosen.size < wanted) chosen.add(Math.floor(random() * module));
    needs.push([...chosen].sort((a, b) => a - b));
  }
  return { count, needs };
}

/** How many modules the longest chain of needs has. */
export function depthOf({ needs }: Graph): number {
  const depths: number[] = [];
  for (const each of needs) depths.push(1 + Math.max(0, ...each.map((need) => depths[need] ?? 0)));
  return Math.max(0, ...depths);
}
