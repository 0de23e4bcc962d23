import { type DependencyGraph, targetsOf } from "./dependency-graph.ts";
import { mutualGroups } from "./mutual-groups.ts";

/** How many edges are followed in the search of one group before the shortest cycle so far is taken. */
const searchLimit = 20_000_000;

/**
 * One cycle for each group of nodes that depend on each other: the shortest of the group, as the nodes
 * along its dependencies. Groups, and cycles of one length, are told apart by `inOrder` only, which
 * holds the nodes in the order in which they are looked at. In a group that would take very long to
 * search, the cycle is a short one.
 */
export function findCycles(graph: DependencyGraph, inOrder: readonly number[]): number[][] {
  const search = new CycleSearch(graph);
  return mutualGroups(graph.dependencies, inOrder).map((group) => search.shortestOf(group));
}

/** Looks for cycles among the nodes that are still in play. */
class CycleSearch {
  private readonly graph: DependencyGraph;
  private readonly inPlay: Uint8Array;
  private readonly leaving: Int32Array;
  private readonly entering: Int32Array;
  private readonly cameFrom: Int32Array;

  constructor(graph: DependencyGraph) {
    const count = graph.dependencies.starts.length - 1;
    this.graph = graph;
    this.inPlay = new Uint8Array(count);
    this.leaving = new Int32Array(count);
    this.entering = new Int32Array(count);
    this.cameFrom = new Int32Array(count).fill(-1);
  }

  /** Goes round from each node of a group; a node whose cycles are known is taken out of play. */
  shortestOf(group: readonly number[]): number[] {
    for (const node of group) this.inPlay[node] = 1;
    for (const node of group) {
      this.leaving[node] = this.countInPlay(targetsOf(this.graph.dependencies, node));
      this.entering[node] = this.countInPlay(targetsOf(this.graph.dependents, node));
    }
    let best: number[] = [];
    let followed = 0;
    for (const start of group) {
      if (this.inPlay[start] === 0) continue;
      const found = this.wayBack(start, best.length === 0 ? group.length : best.length - 1);
      followed += found.followed;
      if (found.cycle !== undefined) best = found.cycle;
      if (best.length === 1 || followed > searchLimit) break;
      this.takeOut(start);
    }
    for (const node of group) this.inPlay[node] = 0;
    return best;
  }

  /** The shortest cycle through `start`, of at most `limit` nodes. */
  private wayBack(start: number, limit: number): { readonly cycle?: number[]; readonly followed: number } {
    const reached: number[] = [];
    let followed = 0;
    let cycle: number[] | undefined;
    let level = [start];
    for (let length = 1; length <= limit && level.length > 0 && cycle === undefined; length++) {
      const next: number[] = [];
      for (const node of level) {
        for (const target of targetsOf(this.graph.dependencies, node)) {
          followed += 1;
          if (target === start) cycle ??= this.wayTo(node, start);
          else if (this.inPlay[target] === 1 && this.cameFrom[target] === -1) {
            this.cameFrom[target] = node;
            next.push(target);
          }
        }
      }
      for (const node of next) reached.push(node);
      level = next;
    }
    for (const node of reached) this.cameFrom[node] = -1;
    return cycle === undefined ? { followed } : { cycle, followed };
  }

  private wayTo(end: number, start: number): number[] {
    const way = [end];
    for (let node = end; node !== start; ) {
      node = this.cameFrom[node] as number;
      way.push(node);
    }
    return way.reverse();
  }

  /** Takes a node out of play, and all that cannot be on a cycle without it. */
  private takeOut(node: number): void {
    const gone = [node];
    this.inPlay[node] = 0;
    for (let each = gone.pop(); each !== undefined; each = gone.pop()) {
      for (const target of targetsOf(this.graph.dependencies, each)) this.loosen(this.entering, target, gone);
      for (const source of targetsOf(this.graph.dependents, each)) this.loosen(this.leaving, source, gone);
    }
  }

  private loosen(edges: Int32Array, node: number, gone: number[]): void {
    if (this.inPlay[node] === 0) return;
    const left = (edges[node] as number) - 1;
    edges[node] = left;
    if (left > 0) return;
    this.inPlay[node] = 0;
    gone.push(node);
  }

  private countInPlay(nodes: Int32Array): number {
    let count = 0;
    for (const node of nodes) count += this.inPlay[node] as number;
    return count;
  }
}
