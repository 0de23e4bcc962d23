import type { Paint } from "../output/paint.ts";
import { edgesBy, type GraphNode, type ModuleGraph } from "./module-graph.ts";

/** Where a tree begins and how it grows. */
export interface TreeOptions {
  readonly roots: readonly string[];
  /** Dependents below each module instead of dependencies. */
  readonly reverse: boolean;
  /** The most steps below a root. */
  readonly depth?: number | undefined;
}

/**
 * Trees of modules, one below the other. What a module stands on is shown where it comes first; `(*)` stands
 * for it elsewhere, so that the text grows no faster than the graph.
 */
export function formatTextGraph(
  graph: ModuleGraph,
  { roots, reverse, depth = Number.POSITIVE_INFINITY }: TreeOptions,
  paint: Paint,
): string {
  const edges = edgesBy(graph, reverse);
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const shown = new Set<string>();
  const lines: string[] = [];
  const waiting = roots.toReversed().map((name) => ({ name, lead: "", branch: "", below: "", far: 0, note: "" }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { name, lead, branch, below, far, note } = next;
    const inner = far < depth ? (edges.get(name) ?? []) : [];
    const repeated = shown.has(name) && inner.length > 0;
    const label = far === 0 ? paint.bold(labelOf(nodes.get(name), name)) : labelOf(nodes.get(name), name);
    lines.push(`${paint.dim(lead + branch)}${label}${note}${repeated ? paint.dim(" (*)") : ""}\n`);
    if (repeated) continue;
    if (inner.length > 0) shown.add(name);
    for (const [index, edge] of inner.toReversed().entries()) {
      waiting.push({
        name: reverse ? edge.from : edge.to,
        lead: lead + below,
        branch: index === 0 ? "└── " : "├── ",
        below: index === 0 ? "    " : "│   ",
        far: far + 1,
        note: edge.optional ? paint.dim(" optional") : "",
      });
    }
  }
  return lines.join("");
}

function labelOf(node: GraphNode | undefined, name: string): string {
  return node?.version == null ? `${name} missing` : `${name} ${node.version}`;
}
