import type { Target } from "./target.ts";

/** How the better of two targets is found, and what is learned from the time a request took. */
export interface PickingPolicy {
  /** The one to be picked; `a` when both are as good. */
  better(a: Target, b: Target): Target;
  /** A request to the target ended well after `ms`. */
  learn(target: Target, ms: number, now: number): void;
}

/** Requests in flight over weight. */
export const leastRequests: PickingPolicy = {
  better: (a, b) => (a.inFlight * b.weight <= b.inFlight * a.weight ? a : b),
  learn() {},
};

/**
 * Expected wait over weight: the peak-sensitive moving average of the latency times the requests in
 * flight. A slow answer counts at once, and is forgotten over `decayMs`.
 *
 * @param now The time on the scale that `learn` is given; may be coarse.
 */
export function peakEwma(now: () => number, decayMs = 10_000): PickingPolicy {
  function cost(target: Target, at: number): number {
    const { inFlight, weight, latency } = target;
    // Not known yet: tried when idle, and avoided while its first requests are under way.
    if (latency === 0) return inFlight === 0 ? 0 : (1e9 + inFlight) / weight;
    return (latency * Math.exp((target.latencyAt - at) / decayMs) * (inFlight + 1)) / weight;
  }
  return {
    better(a, b) {
      const at = now();
      return cost(a, at) <= cost(b, at) ? a : b;
    },
    learn(target, ms, at) {
      const decay = Math.exp((target.latencyAt - at) / decayMs);
      const before = target.latency * decay;
      // A floor keeps an instant answer from looking like none.
      target.latency = Math.max(ms > before ? ms : before + ms * (1 - decay), 0.001);
      target.latencyAt = at;
    },
  };
}
