import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dependencyGraph, type Edges } from "./dependency-graph.ts";
import { findCycles } from "./find-cycles.ts";

const seed = 20_260;

function edges(targets: readonly (readonly number[])[]): Edges {
  const starts = new Int32Array(targets.length + 1);
  for (const [node, own] of targets.entries()) starts[node + 1] = (starts[node] as number) + own.length;
  return { starts, targets: Int32Array.from(targets.flat()) };
}

function cycles(targets: readonly (readonly number[])[]): number[][] {
  return findCycles(dependencyGraph(edges(targets)), [...targets.keys()]);
}

describe("finding cycles", () => {
  it("finds none where there is none", () => {
    expect(cycles([[1, 2], [2], []])).toEqual([]);
  });

  it("finds a node that depends on itself", () => {
    expect(cycles([[], [0, 1]])).toEqual([[1]]);
  });

  it("finds the shortest of those that hang together", () => {
    expect(cycles([[1], [2], [3, 1], [0]])).toEqual([[1, 2]]);
  });

  it("finds one for each group that hangs together, also when groups depend on each other", () => {
    expect(cycles([[1], [0, 2], [3], [2], [0, 3]])).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("begins with the first node in the given order", () => {
    expect(findCycles(dependencyGraph(edges([[1], [2], [0]])), [2, 0, 1])).toEqual([[2, 0, 1]]);
  });

  const graph = fc
    .integer({ min: 1, max: 9 })
    .chain((size) =>
      fc.array(fc.uniqueArray(fc.nat({ max: size - 1 }), { maxLength: 3 }), { minLength: size, maxLength: size }),
    );

  it(`finds real cycles, and none that is longer than needed (5,000 graphs, seed ${seed})`, () => {
    const law = fc.property(graph, (targets) => {
      const shortest = shortestThrough(targets);
      const found = cycles(targets);
      const seen = new Set<number>();
      for (const cycle of found) {
        cycle.forEach((node, at) => {
          expect(targets[node]).toContain(cycle[(at + 1) % cycle.length]);
          expect(seen.has(node)).toBe(false);
          seen.add(node);
        });
        const group = groupOf(targets, cycle[0] as number);
        expect(cycle.length).toBe(Math.min(...group.map((node) => shortest[node] as number)));
        expect(cycle[0]).toBe(Math.min(...cycle));
      }
      const onCycles = [...targets.keys()].filter((node) => Number.isFinite(shortest[node]));
      const groups = new Set(onCycles.map((node) => groupOf(targets, node).join()));
      expect(found).toHaveLength(groups.size);
    });
    fc.assert(law, { numRuns: 5000, seed });
  });

  it("copes with graphs made to be slow: a torus, and two rings with rungs", () => {
    const side = 120;
    const torus = Array.from({ length: side * side }, (_, at) => {
      const [row, column] = [Math.floor(at / side), at % side];
      return [row * side + ((column + 1) % side), ((row + 1) % side) * side + column];
    });
    expect(cycles(torus)[0]).toHaveLength(side);
    const length = 20_000;
    const rungs = Array.from({ length: 2 * length }, (_, at) => {
      const next = (at + 2) % (2 * length);
      return at % 2 === 0 ? [next, next + 1] : [next, next - 1];
    });
    expect(cycles(rungs)[0]).toHaveLength(length);
  });
});

function reachable(targets: readonly (readonly number[])[], start: number): Map<number, number> {
  const distance = new Map<number, number>();
  let level = [start];
  for (let far = 1; level.length > 0; far++) {
    const next: number[] = [];
    for (const node of level) {
      for (const target of targets[node] ?? []) {
        if (distance.has(target)) continue;
        distance.set(target, far);
        next.push(target);
      }
    }
    level = next;
  }
  return distance;
}

/** The length of the shortest cycle through each node. */
function shortestThrough(targets: readonly (readonly number[])[]): number[] {
  return targets.map((_, node) => reachable(targets, node).get(node) ?? Number.POSITIVE_INFINITY);
}

/** All nodes that a node reaches and that reach it. */
function groupOf(targets: readonly (readonly number[])[], node: number): number[] {
  return [...targets.keys()].filter(
    (other) => reachable(targets, node).has(other) && reachable(targets, other).has(node),
  );
}
