import type { ServiceInstance } from "../port/service-instance.ts";
import type { Snapshot } from "../port/snapshot.ts";

/** An instance of `users` with one HTTP endpoint. */
export function instance(id: string, change: Partial<ServiceInstance> = {}): ServiceInstance {
  return {
    id,
    service: "users",
    endpoints: [{ name: "http", protocol: "http", host: id, port: 80 }],
    state: "up",
    weight: 1,
    tags: [],
    metadata: {},
    ...change,
  };
}

/** A live snapshot of `users`. */
export function snapshot(instances: readonly ServiceInstance[]): Snapshot {
  return { service: "users", instances, revision: "1", status: "live", observedAt: 0 };
}

/** Numbers from 0 up to 1 that are the same on each run (a linear congruential generator of 2^32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
