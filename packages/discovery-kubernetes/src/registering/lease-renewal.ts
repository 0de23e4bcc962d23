import type { Clock, Timer } from "@plinth/module";
import type { ManagedApi } from "./managed-api.ts";

/** When a lease is renewed. */
export interface Renewing {
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Renews a lease three times in its duration, until that fails for the first time. */
export class LeaseRenewal {
  readonly #options: Renewing;
  readonly #api: ManagedApi;
  readonly #onFailure: (error: unknown) => void;
  #timer: Timer | undefined;
  #renewal: Promise<void> = Promise.resolve();
  #running = false;

  constructor(options: Renewing, api: ManagedApi, onFailure: (error: unknown) => void) {
    this.#options = options;
    this.#api = api;
    this.#onFailure = onFailure;
  }

  begin(): void {
    if (this.#running) return;
    this.#running = true;
    this.#plan();
  }

  /** Resolves when no renewal is under way any more. */
  async end(): Promise<void> {
    this.#running = false;
    this.#timer?.cancel();
    await this.#renewal;
  }

  #plan(): void {
    const { clock, random, leaseMs } = this.#options;
    this.#timer = clock.timer((leaseMs / 3) * (0.9 + 0.2 * random()), () => {
      this.#renewal = this.#renew();
    });
  }

  async #renew(): Promise<void> {
    try {
      await this.#api.renewLease(this.#options.clock.wallTime());
    } catch (error) {
      if (!this.#running) return;
      this.#running = false;
      this.#onFailure(error);
    }
    if (this.#running) this.#plan();
  }
}
