import { edgesBy, type GraphEdge, type ModuleGraph } from "./module-graph.ts";
import { reachable } from "./reach.ts";

/** Ways from one module to another over dependencies. */
export interface FoundPaths {
  /** The shortest first. */
  readonly paths: readonly (readonly GraphEdge[])[];
  /** Whether there are more than were asked for. */
  readonly more: boolean;
}

interface Way {
  readonly at: string;
  readonly edges: readonly GraphEdge[];
}

/**
 * The paths over dependencies that visit no module twice, at most `limit` of them. Ways are followed
 * in the order of their least possible length, so that a dense graph costs no more than its first paths.
 */
export function pathsBetween(graph: ModuleGraph, from: string, to: string, limit: number): FoundPaths {
  const rest = reachable(graph, [to], { reverse: true });
  const edges = edgesBy(graph, false);
  const paths: (readonly GraphEdge[])[] = [];
  const nearest = rest.get(from);
  if (nearest === undefined || from === to) return { paths, more: false };
  const waiting: Way[][] = [];
  waiting[nearest] = [{ at: from, edges: [] }];
  // The list grows while it is walked: a way never gets shorter by going on.
  for (let length = nearest; length < waiting.length; length += 1) {
    for (let way = waiting[length]?.pop(); way !== undefined; way = waiting[length]?.pop()) {
      if (way.at === to) {
        if (paths.length === limit) return { paths, more: true };
        paths.push(way.edges);
        continue;
      }
      for (const edge of (edges.get(way.at) ?? []).toReversed()) {
        const left = rest.get(edge.to);
        if (left === undefined || edge.to === from || way.edges.some((before) => before.to === edge.to)) continue;
        const total = way.edges.length + 1 + left;
        waiting[total] ??= [];
        waiting[total].push({ at: edge.to, edges: [...way.edges, edge] });
      }
    }
  }
  return { paths, more: false };
}

/**
 * The fewest dependencies, taken in whichever direction, that lead from one module to another;
 * `undefined` where nothing connects them.
 */
export function nearestConnection(graph: ModuleGraph, from: string, to: string): readonly GraphEdge[] | undefined {
  const [out, back] = [edgesBy(graph, false), edgesBy(graph, true)];
  const before = new Map<string, GraphEdge | undefined>([[from, undefined]]);
  for (const name of before.keys()) {
    for (const edge of [...(out.get(name) ?? []), ...(back.get(name) ?? [])]) {
      const next = edge.from === name ? edge.to : edge.from;
      if (!before.has(next)) before.set(next, edge);
    }
  }
  if (!before.has(to)) return undefined;
  const edges: GraphEdge[] = [];
  for (let at = to, edge = before.get(at); edge !== undefined; edge = before.get(at)) {
    edges.unshift(edge);
    at = edge.from === at ? edge.to : edge.from;
  }
  return edges;
}
