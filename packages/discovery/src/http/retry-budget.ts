import { type Clock, systemClock } from "@plinth/module";

/** When requests are sent again. */
export interface RetryOptions {
  /** How often one request is sent again at most. Default 2. */
  readonly max?: number;
  /** Statuses of idempotent requests upon which another instance is tried. Default 502, 503, 504. */
  readonly statuses?: readonly number[];
  /** How many retries each request earns for all. Default 0.2: at most a fifth more requests. */
  readonly ratio?: number;
  /** Retries a second that need not be earned. Default 10. */
  readonly perSecond?: number;
  /** The first wait before the same instance is tried again; it doubles. Another instance is tried at once. Default 50. */
  readonly backoffMs?: number;
}

/** Keeps retries from multiplying the load when a service fails as a whole. */
export class RetryBudget {
  readonly #ratio: number;
  readonly #perSecond: number;
  readonly #clock: Clock;
  readonly #most: number;
  #tokens: number;
  #filledAt: number;

  constructor({ ratio = 0.2, perSecond = 10 }: RetryOptions = {}, clock: Clock = systemClock) {
    this.#ratio = ratio;
    this.#perSecond = perSecond;
    this.#clock = clock;
    // What was earned long ago must not pay for a storm: ten seconds' worth is kept.
    this.#most = Math.max(perSecond * 10, 10);
    this.#tokens = perSecond;
    this.#filledAt = clock.now();
  }

  /** A first request was sent. */
  earn(): void {
    const tokens = this.#tokens + this.#ratio;
    this.#tokens = tokens < this.#most ? tokens : this.#most;
  }

  /** Whether one more retry may be sent; it is counted as sent. */
  spend(): boolean {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#most, this.#tokens + ((now - this.#filledAt) / 1_000) * this.#perSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
