import { edgesBy, type GraphEdge, type ModuleGraph } from "./module-graph.ts";

/**
 * The edges beside which there is a longer way to the same module: who reads the graph learns of the
 * dependency without them.
 */
export function shortcuts(graph: ModuleGraph): ReadonlySet<GraphEdge> {
  const edges = edgesBy(graph, false);
  const found = new Set<GraphEdge>();
  for (const { name } of graph.nodes) {
    const own = edges.get(name) ?? [];
    if (own.length < 2) continue;
    const further = new Set<string>();
    const waiting = own.map(({ to }) => to);
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const { to } of edges.get(at) ?? []) {
        if (further.has(to)) continue;
        further.add(to);
        waiting.push(to);
      }
    }
    // In a cycle everything is further away than itself.
    if (further.has(name)) continue;
    for (const edge of own) if (further.has(edge.to)) found.add(edge);
  }
  return found;
}
