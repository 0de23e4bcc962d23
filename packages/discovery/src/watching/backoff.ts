import { type Clock, systemClock } from "@plinth/module";

/** How the waits between tries grow. */
export interface BackoffOptions {
  /** The first wait. Default 800. */
  readonly minMs?: number;
  /** No wait is longer. Default 30,000. */
  readonly maxMs?: number;
  /** What each wait is multiplied with. Default 2. */
  readonly factor?: number;
  /**
   * The part of a wait that is random, from 0 to 1: with 0.5 a wait of 8 s lasts 4 to 8 s. It keeps clients
   * that lost the same server from coming back in step. Default 0.5.
   */
  readonly jitter?: number;
  /** After so long without a failure the waits begin at `minMs` again. Default 120,000. */
  readonly calmMs?: number;
  readonly clock?: Clock;
  /** Returns numbers from 0 up to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** The waits between the tries of one thing. */
export interface Backoff {
  /** Milliseconds to wait after the failure that just happened. */
  next(): number;
  /** Begins at the first wait again. Not needed after a success: calm does it. */
  reset(): void;
}

/** Exponential waits with jitter. Holds no timer: who asks does the waiting. */
export function createBackoff(options: BackoffOptions = {}): Backoff {
  const { minMs = 800, maxMs = 30_000, factor = 2, jitter = 0.5, calmMs = 120_000 } = options;
  const { clock = systemClock, random = Math.random } = options;
  let wait = minMs;
  let calmAt = Number.POSITIVE_INFINITY;
  return {
    next() {
      const now = clock.now();
      if (now >= calmAt) wait = minMs;
      const base = Math.min(wait, maxMs);
      const delay = base * (1 - jitter * random());
      wait = Math.min(base * factor, maxMs);
      calmAt = now + delay + calmMs;
      return delay;
    },
    reset() {
      wait = minMs;
      calmAt = Number.POSITIVE_INFINITY;
    },
  };
}
