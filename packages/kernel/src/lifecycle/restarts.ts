import type { Clock } from "@plinth/module";

/** How often and how soon a module that failed while running is started again. Times in milliseconds. */
export interface RestartPolicy {
  /** The most restarts within `window`; 0 for none. */
  readonly max: number;
  readonly window: number;
  /** The pause before the first restart in a window; it doubles with each further one, up to `maxBackoff`. */
  readonly backoff: number;
  readonly maxBackoff: number;
}

/** What holds where nothing else is said. */
export const defaultRestartPolicy: RestartPolicy = { max: 5, window: 60_000, backoff: 500, maxBackoff: 30_000 };

/** When the modules of one platform were started again. */
export class Restarts {
  readonly policy: RestartPolicy;
  readonly #clock: Clock;
  readonly #times = new Map<string, readonly number[]>();

  constructor(policy: RestartPolicy, clock: Clock) {
    this.policy = policy;
    this.#clock = clock;
  }

  /** Counts a restart and returns the pause before it in milliseconds; `undefined` when there have been too many. */
  next(module: string): number | undefined {
    const { max, window, backoff, maxBackoff } = this.policy;
    const now = this.#clock.now();
    const recent = (this.#times.get(module) ?? []).filter((time) => time > now - window);
    if (recent.length >= max) return undefined;
    this.#times.set(module, [...recent, now]);
    return Math.min(backoff * 2 ** recent.length, maxBackoff);
  }
}
