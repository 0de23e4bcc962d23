import { type DependencyGraph, targetsOf } from "./dependency-graph.ts";

/** How many edges are followed in the search for shorter cycles before the best one so far is taken. */
const searchLimit = 20_000_000;

/**
 * One cycle for each group of nodes that depend on each other: the shortest of the group, as the nodes
 * along its dependencies. Which one is found among equals depends on `inOrder` only, the nodes in the
 * order in which they are looked at. In a group that would take too long to search completely, the
 * cycle is a short one.
 */
export function findCycles(graph: DependencyGraph, inOrder: readonly number[]): number[][] {
  const groups = mutualGroups(graph, inOrder);
  return groups.map((group) => shortestCycle(graph, group));
}

/** Groups of nodes that can all reach each other and of which there are two or more, or one that reaches itself. */
function mutualGroups({ dependencies }: DependencyGraph, inOrder: readonly number[]): number[][] {
  const count = dependencies.starts.length - 1;
  const found = new Int32Array(count).fill(-1);
  const lowest = new Int32Array(count);
  const groupOf = new Int32Array(count).fill(-1);
  const nextEdge = new Int32Array(count);
  const open: number[] = [];
  const way: number[] = [];
  let time = 0;
  let groups = 0;
  for (const start of inOrder) {
    if (found[start] !== -1) continue;
    way.push(start);
    while (way.length > 0) {
      const node = way.at(-1) as number;
      if (found[node] === -1) {
        found[node] = lowest[node] = time++;
        open.push(node);
      }
      const edge = (dependencies.starts[node] as number) + (nextEdge[node] as number);
      if (edge < (dependencies.starts[node + 1] as number)) {
        nextEdge[node] = (nextEdge[node] as number) + 1;
        const target = dependencies.targets[edge] as number;
        if (found[target] === -1) way.push(target);
        else if (groupOf[target] === -1) lowest[node] = Math.min(lowest[node] as number, found[target] as number);
        continue;
      }
      way.pop();
      const above = way.at(-1);
      if (above !== undefined) lowest[above] = Math.min(lowest[above] as number, lowest[node] as number);
      if (lowest[node] === found[node]) {
        for (let member = -1; member !== node; ) {
          member = open.pop() as number;
          groupOf[member] = groups;
        }
        groups += 1;
      }
    }
  }
  const members: number[][] = Array.from({ length: groups }, () => []);
  for (const node of inOrder) members[groupOf[node] as number]?.push(node);
  return members.filter(([node = -1, ...others]) => others.length > 0 || targetsOf(dependencies, node).includes(node));
}

/** What is left of a group while its cycles are looked for. */
class Remains {
  readonly graph: DependencyGraph;
  readonly alive = new Set<number>();
  readonly leaving = new Map<number, number>();
  readonly entering = new Map<number, number>();

  constructor(graph: DependencyGraph, group: readonly number[]) {
    this.graph = graph;
    for (const node of group) this.alive.add(node);
    for (const node of group) {
      this.leaving.set(node, this.dependencies(node).length);
      this.entering.set(node, this.dependents(node).length);
    }
  }

  dependencies(node: number): Int32Array {
    return targetsOf(this.graph.dependencies, node).filter((target) => this.alive.has(target));
  }

  dependents(node: number): Int32Array {
    return targetsOf(this.graph.dependents, node).filter((source) => this.alive.has(source));
  }

  /** Takes a node away, and all that cannot be on a cycle without it. */
  remove(node: number): void {
    const gone = [node];
    this.alive.delete(node);
    for (let each = gone.pop(); each !== undefined; each = gone.pop()) {
      for (const target of this.dependencies(each)) this.loosen(this.entering, target, gone);
      for (const source of this.dependents(each)) this.loosen(this.leaving, source, gone);
    }
  }

  private loosen(edges: Map<number, number>, node: number, gone: number[]): void {
    const left = (edges.get(node) ?? 0) - 1;
    edges.set(node, left);
    if (left <= 0 && this.alive.delete(node)) gone.push(node);
  }
}

/** Looks for the shortest way from each node back to itself; a node whose cycles are known is taken out. */
function shortestCycle(graph: DependencyGraph, group: readonly number[]): number[] {
  const remains = new Remains(graph, group);
  let best: number[] = [];
  let followed = 0;
  for (const start of group) {
    if (!remains.alive.has(start)) continue;
    const limit = best.length === 0 ? Number.POSITIVE_INFINITY : best.length;
    const search = wayBack(remains, start, limit);
    followed += search.followed;
    if (search.cycle !== undefined) best = search.cycle;
    if (best.length === 1 || followed > searchLimit) break;
    remains.remove(start);
  }
  return best;
}

/** The shortest cycle through `start` that has fewer nodes than `limit`. */
function wayBack(
  remains: Remains,
  start: number,
  limit: number,
): { readonly cycle?: number[]; readonly followed: number } {
  const cameFrom = new Map<number, number>();
  let followed = 0;
  let level = [start];
  for (let length = 1; length < limit && level.length > 0; length++) {
    const next: number[] = [];
    for (const node of level) {
      for (const target of remains.dependencies(node)) {
        followed += 1;
        if (target === start) return { cycle: wayTo(cameFrom, node, start), followed };
        if (cameFrom.has(target)) continue;
        cameFrom.set(target, node);
        next.push(target);
      }
    }
    level = next;
  }
  return { followed };
}

function wayTo(cameFrom: ReadonlyMap<number, number>, end: number, start: number): number[] {
  const way = [end];
  for (let node = end; node !== start; ) {
    node = cameFrom.get(node) as number;
    way.push(node);
  }
  return way.reverse();
}
