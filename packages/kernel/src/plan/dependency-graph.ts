/**
 * Who depends on whom, nodes being the numbers from 0. An edge leads from a node to one that it
 * depends on.
 */
export interface DependencyGraph {
  /** The dependencies of each node, in the order in which they were declared. */
  readonly dependencies: readonly (readonly number[])[];
  /** The dependents of all nodes one after another: those of `node` stand from `starts[node]` to `starts[node + 1]`. */
  readonly dependents: Int32Array;
  readonly starts: Int32Array;
}

/** Turns the edges round, once for all nodes. */
export function dependencyGraph(dependencies: readonly (readonly number[])[]): DependencyGraph {
  const count = dependencies.length;
  const starts = new Int32Array(count + 1);
  for (const targets of dependencies)
    for (const target of targets) starts[target + 1] = (starts[target + 1] as number) + 1;
  for (let node = 0; node < count; node++) starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
  const free = starts.slice();
  const dependents = new Int32Array(starts[count] as number);
  for (let node = 0; node < count; node++) {
    for (const target of dependencies[node] as readonly number[]) {
      const at = free[target] as number;
      dependents[at] = node;
      free[target] = at + 1;
    }
  }
  return { dependencies, dependents, starts };
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
export function levelsOf({ dependencies, dependents, starts }: DependencyGraph): Levels {
  const count = dependencies.length;
  const levels = new Int32Array(count).fill(-1);
  const waiting = new Int32Array(count);
  const reached = new Int32Array(count);
  const queue = new Int32Array(count);
  let end = 0;
  for (let node = 0; node < count; node++) {
    waiting[node] = (dependencies[node] as readonly number[]).length;
    if (waiting[node] === 0) queue[end++] = node;
  }
  let height = 0;
  for (let begin = 0; begin < end; begin++) {
    const node = queue[begin] as number;
    const level = reached[node] as number;
    levels[node] = level;
    if (level >= height) height = level + 1;
    for (let at = starts[node] as number; at < (starts[node + 1] as number); at++) {
      const dependent = dependents[at] as number;
      if ((reached[dependent] as number) <= level) reached[dependent] = level + 1;
      const left = (waiting[dependent] as number) - 1;
      waiting[dependent] = left;
      if (left === 0) queue[end++] = dependent;
    }
  }
  return { levels, ordered: end, height };
}
