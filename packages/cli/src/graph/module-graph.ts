import type { RegisteredModule } from "@plinth/kernel";

/** A module in the graph. */
export interface GraphNode {
  readonly name: string;
  /** `null` for a module that another one needs and nobody has. */
  readonly version: string | null;
  readonly source: RegisteredModule["source"] | "missing";
}

/** One dependency. */
export interface GraphEdge {
  /** The module that depends. */
  readonly from: string;
  /** The module that it depends on. */
  readonly to: string;
  /** The versions asked for; `*` between modules of the platform itself. */
  readonly range: string;
  readonly optional: boolean;
}

/** Who depends on whom. Nodes in the order of the modules; edges by `from` in that order, then as in the manifest. */
export interface ModuleGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/**
 * The graph that the manifests declare. An optional dependency that is absent is left out; another one
 * that is absent has the source `missing`. The dependency of all modules on those of the platform itself,
 * which no manifest mentions, is left out too.
 */
export function moduleGraph(modules: readonly RegisteredModule[]): ModuleGraph {
  const nodes = new Map<string, GraphNode>();
  for (const { manifest, source } of modules) {
    const { name, version } = manifest;
    if (!nodes.has(name)) nodes.set(name, { name, version, source });
  }
  const edges: GraphEdge[] = [];
  const seen = new Set<string>();
  for (const { manifest } of modules) {
    const from = manifest.name;
    if (seen.has(from)) continue;
    seen.add(from);
    for (const { name: to, range, optional } of manifest.dependencies) {
      if (!nodes.has(to) && optional) continue;
      if (!nodes.has(to)) nodes.set(to, { name: to, version: null, source: "missing" });
      edges.push({ from, to, range, optional });
    }
  }
  return { nodes: [...nodes.values()], edges };
}

/** The part of a graph that has only these modules. */
export function restrictTo(graph: ModuleGraph, names: ReadonlySet<string>): ModuleGraph {
  return {
    nodes: graph.nodes.filter(({ name }) => names.has(name)),
    edges: graph.edges.filter(({ from, to }) => names.has(from) && names.has(to)),
  };
}

/** The edges that leave each module; with `reverse` those that lead to it. */
export function edgesBy(graph: ModuleGraph, reverse: boolean): ReadonlyMap<string, readonly GraphEdge[]> {
  const sides = new Map<string, GraphEdge[]>(graph.nodes.map(({ name }) => [name, []]));
  for (const edge of graph.edges) sides.get(reverse ? edge.to : edge.from)?.push(edge);
  return sides;
}
