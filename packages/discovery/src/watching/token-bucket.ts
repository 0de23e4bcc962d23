import { type Clock, systemClock } from "@plinth/module";
import { pause } from "./pause.ts";

/** How many requests may be made. */
export interface TokenBucketOptions {
  /** How many may follow each other without a wait. */
  readonly burst: number;
  /** The time in which one token comes back. */
  readonly refillMs: number;
  readonly clock?: Clock;
}

/** Bounds how often something is done, without slowing what is seldom. */
export interface TokenBucket {
  /** Takes a token if there is one. */
  tryTake(): boolean;
  /** Takes a token, waiting for it where needed; those who wait are served in turn. Resolves with `false` when `signal` aborts first. */
  take(signal?: AbortSignal): Promise<boolean>;
}

/** A full bucket. */
export function createTokenBucket({ burst, refillMs, clock = systemClock }: TokenBucketOptions): TokenBucket {
  // The moment at which the bucket was, or will be, empty: each token taken moves it by one refill.
  let emptyAt = clock.now() - burst * refillMs;
  const reserve = (): number => {
    const now = clock.now();
    emptyAt = Math.max(emptyAt, now - burst * refillMs) + refillMs;
    return emptyAt - now;
  };
  return {
    tryTake() {
      const now = clock.now();
      if (Math.max(emptyAt, now - burst * refillMs) + refillMs > now) return false;
      reserve();
      return true;
    },
    async take(signal) {
      if (signal?.aborted) return false;
      const wait = reserve();
      if (wait <= 0 || (await pause(clock, wait, signal))) return true;
      emptyAt -= refillMs;
      return false;
    },
  };
}
