import type { MaybePromise } from "@plinth/module";

/** A graph on the numbers from 0 to `count` - 1. */
export interface Ordering {
  readonly count: number;
  /** The nodes that must be done before `node`. */
  before(node: number): readonly number[];
  /** The nodes that wait for `node`; the mirror of `before`. */
  after(node: number): readonly number[];
}

/**
 * Visits every node as soon as all nodes before it are done; independent ones side by side. Resolves
 * when all are done. `visit` must neither throw nor reject. Linear in nodes and edges, no recursion.
 */
export function visitInOrder(ordering: Ordering, visit: (node: number) => MaybePromise<void>): Promise<void> {
  const { count } = ordering;
  if (count === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const waitingFor = new Int32Array(count);
    const ready: number[] = [];
    let next = 0;
    let open = count;
    let draining = false;

    function done(node: number): void {
      open -= 1;
      for (const waiting of ordering.after(node)) {
        waitingFor[waiting] = (waitingFor[waiting] as number) - 1;
        if (waitingFor[waiting] === 0) ready.push(waiting);
      }
      drain();
    }

    function drain(): void {
      if (draining) return;
      draining = true;
      for (; next < ready.length; next += 1) {
        const node = ready[next] as number;
        const pending = visit(node);
        if (pending === undefined) done(node);
        else pending.then(() => done(node));
      }
      draining = false;
      if (open === 0) resolve();
    }

    for (let node = 0; node < count; node += 1) {
      waitingFor[node] = ordering.before(node).length;
      if (waitingFor[node] === 0) ready.push(node);
    }
    drain();
  });
}
