/**
 * Edges of a graph whose nodes are the numbers from 0: those of `node` lead to the `targets` from
 * `starts[node]` up to, not including, `starts[node + 1]`.
 */
export interface Edges {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
}

/** Who depends on whom. */
export interface DependencyGraph {
  /** From each node to those that it depends on, in the order in which they were declared. */
  readonly dependencies: Edges;
  /** From each node to those that depend on it, ascending. */
  readonly dependents: Edges;
}

/** The targets of one node's edges. */
export function targetsOf({ starts, targets }: Edges, node: number): Int32Array {
  return targets.subarray(starts[node], starts[node + 1]);
}

/** Completes a graph by the edges that lead back. */
export function dependencyGraph(dependencies: Edges): DependencyGraph {
  return { dependencies, dependents: reverse(dependencies) };
}

function reverse({ starts, targets }: Edges): Edges {
  const count = starts.length - 1;
  const reversed = new Int32Array(count + 1);
  for (let edge = 0; edge < targets.length; edge++) {
    const after = (targets[edge] as number) + 1;
    reversed[after] = (reversed[after] as number) + 1;
  }
  for (let node = 0; node < count; node++) {
    reversed[node + 1] = (reversed[node + 1] as number) + (reversed[node] as number);
  }
  const free = reversed.slice();
  const sources = new Int32Array(targets.length);
  for (let node = 0; node < count; node++) {
    const end = starts[node + 1] as number;
    for (let edge = starts[node] as number; edge < end; edge++) {
      const target = targets[edge] as number;
      const at = free[target] as number;
      sources[at] = node;
      free[target] = at + 1;
    }
  }
  return { starts: reversed, targets: sources };
}

/** How far each node is from those without dependencies. */
export interface Levels {
  /** The longest way down to a node without dependencies, for each node; -1 for a node in or above a cycle. */
  readonly levels: Int32Array;
  /** How many nodes have a level: all of them when there is no cycle. */
  readonly ordered: number;
  /** How many levels there are. */
  readonly height: number;
}

/** Gives each node its level: all its dependencies are on lower ones. */
export function levelsOf({ dependencies, dependents }: DependencyGraph): Levels {
  const count = dependencies.starts.length - 1;
  const levels = new Int32Array(count).fill(-1);
  const reached = new Int32Array(count);
  const waiting = new Int32Array(count);
  const queue = new Int32Array(count);
  let end = 0;
  for (let node = 0; node < count; node++) {
    const edges = (dependencies.starts[node + 1] as number) - (dependencies.starts[node] as number);
    waiting[node] = edges;
    if (edges === 0) queue[end++] = node;
  }
  let height = 0;
  for (let begin = 0; begin < end; begin++) {
    const node = queue[begin] as number;
    const level = reached[node] as number;
    levels[node] = level;
    if (level >= height) height = level + 1;
    const last = dependents.starts[node + 1] as number;
    for (let edge = dependents.starts[node] as number; edge < last; edge++) {
      const dependent = dependents.targets[edge] as number;
      if ((reached[dependent] as number) <= level) reached[dependent] = level + 1;
      const left = (waiting[dependent] as number) - 1;
      waiting[dependent] = left;
      if (left === 0) queue[end++] = dependent;
    }
  }
  return { levels, ordered: end, height };
}
