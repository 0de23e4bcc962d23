import { type Edges, targetsOf } from "./dependency-graph.ts";

/**
 * The groups of nodes that can all reach each other: of two nodes or more, or of one that leads to
 * itself. Groups, and nodes in them, stand as in `inOrder`. Tarjan's algorithm, without recursion.
 */
export function mutualGroups(edges: Edges, inOrder: readonly number[]): number[][] {
  const count = edges.starts.length - 1;
  const found = new Int32Array(count).fill(-1);
  const lowest = new Int32Array(count);
  const groupOf = new Int32Array(count).fill(-1);
  const nextEdge = edges.starts.slice();
  const open: number[] = [];
  const way: number[] = [];
  let time = 0;
  let groups = 0;
  for (const start of inOrder) {
    if (found[start] === -1) way.push(start);
    while (way.length > 0) {
      const node = way.at(-1) as number;
      if (found[node] === -1) {
        found[node] = time;
        lowest[node] = time;
        time += 1;
        open.push(node);
      }
      const edge = nextEdge[node] as number;
      if (edge < (edges.starts[node + 1] as number)) {
        nextEdge[node] = edge + 1;
        const target = edges.targets[edge] as number;
        if (found[target] === -1) way.push(target);
        else if (groupOf[target] === -1) lowest[node] = Math.min(lowest[node] as number, found[target] as number);
        continue;
      }
      way.pop();
      const above = way.at(-1);
      if (above !== undefined) lowest[above] = Math.min(lowest[above] as number, lowest[node] as number);
      if (lowest[node] !== found[node]) continue;
      for (let member = -1; member !== node; ) {
        member = open.pop() as number;
        groupOf[member] = groups;
      }
      groups += 1;
    }
  }
  const members = Map.groupBy(inOrder, (node) => groupOf[node]);
  return [...members.values()].filter(
    ([node = -1, ...others]) => others.length > 0 || targetsOf(edges, node).includes(node),
  );
}
