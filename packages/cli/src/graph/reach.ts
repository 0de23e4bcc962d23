import { edgesBy, type ModuleGraph } from "./module-graph.ts";

/** How far to look, and in which direction. */
export interface ReachOptions {
  /** Follow dependents instead of dependencies. */
  readonly reverse: boolean;
  /** The most steps; no limit where it is left out. */
  readonly depth?: number | undefined;
}

/** The modules that can be reached from some, these included, with the fewest steps to each. */
export function reachable(
  graph: ModuleGraph,
  from: readonly string[],
  { reverse, depth = Number.POSITIVE_INFINITY }: ReachOptions,
): ReadonlyMap<string, number> {
  const edges = edgesBy(graph, reverse);
  const steps = new Map(from.map((name) => [name, 0]));
  // A map goes on to what is added while it is walked.
  for (const [name, far] of steps) {
    if (far >= depth) continue;
    for (const edge of edges.get(name) ?? []) {
      const next = reverse ? edge.from : edge.to;
      if (!steps.has(next)) steps.set(next, far + 1);
    }
  }
  return steps;
}

/**
 * Modules from which all others can be reached: those that nobody depends on (with `reverse`: that depend
 * on nobody), and the first one of each cycle that cannot be reached from them.
 */
export function rootsOf(graph: ModuleGraph, reverse: boolean): string[] {
  const back = edgesBy(graph, !reverse);
  const roots = graph.nodes.flatMap(({ name }) => (back.get(name)?.length === 0 ? [name] : []));
  const reached = new Set(reachable(graph, roots, { reverse }).keys());
  for (const { name } of graph.nodes) {
    if (reached.has(name)) continue;
    roots.push(name);
    for (const each of reachable(graph, [name], { reverse }).keys()) reached.add(each);
  }
  return roots;
}
