import type { Clock } from "@plinth/module";

interface Attempts {
  count: number;
  readonly until: number;
}

/** The most keys that are remembered; beyond that the oldest are forgotten, so that memory is bounded. */
const keyLimit = 10_000;

/**
 * Lets a number of attempts through for each key in a window of time, which begins with the first.
 * It counts in the memory of this process: several replicas let several times as many through.
 */
export class AttemptLimit {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #windowMs: number;
  readonly #byKey = new Map<string, Attempts>();

  constructor(clock: Clock, most: number, windowMs: number) {
    this.#clock = clock;
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /**
   * Counts an attempt, before its outcome is known, so that many at the same time count as well.
   *
   * @returns `undefined` when it may be made, else the milliseconds until the next one may.
   */
  take(key: string): number | undefined {
    const now = this.#clock.now();
    const attempts = this.#byKey.get(key);
    if (attempts === undefined || attempts.until <= now) {
      this.#byKey.delete(key);
      this.#byKey.set(key, { count: 1, until: now + this.#windowMs });
      if (this.#byKey.size > keyLimit) this.#forgetOldest();
      return undefined;
    }
    if (attempts.count >= this.#most) return attempts.until - now;
    attempts.count++;
    return undefined;
  }

  /** Lets the key begin anew. */
  forget(key: string): void {
    this.#byKey.delete(key);
  }

  #forgetOldest(): void {
    for (const key of this.#byKey.keys()) {
      this.#byKey.delete(key);
      return;
    }
  }
}
