import type { Clock, ModuleHealth, PlatformHost } from "@plinth/module";
import { waitFor } from "./wait.ts";

export interface HealthProbeOptions {
  readonly clock: Clock;
  /** How long a result is used again. */
  readonly maxAgeMs: number;
  /** How long all checks together may take. */
  readonly timeoutMs: number;
}

/**
 * Makes a way to the platform's health that any number of callers may use at any rate: at most one
 * round of checks runs at a time, callers meanwhile share it, and its result is kept for a while.
 * Resolves to `undefined` when the checks did not end in time.
 */
export function createHealthProbe(platform: PlatformHost, { clock, maxAgeMs, timeoutMs }: HealthProbeOptions) {
  let last: Promise<readonly ModuleHealth[] | undefined> | undefined;
  let validUntil = Number.POSITIVE_INFINITY;

  async function check(): Promise<readonly ModuleHealth[] | undefined> {
    const controller = new AbortController();
    let health: readonly ModuleHealth[] | undefined;
    let failure: { readonly error: unknown } | undefined;
    await waitFor(clock, timeoutMs, undefined, (done) => {
      platform.health(controller.signal).then(
        (found) => {
          health = found;
          done();
        },
        (error: unknown) => {
          failure = { error };
          done();
        },
      );
    });
    controller.abort();
    validUntil = clock.now() + maxAgeMs;
    if (failure !== undefined) throw failure.error;
    return health;
  }

  return (): Promise<readonly ModuleHealth[] | undefined> => {
    if (last === undefined || clock.now() >= validUntil) {
      validUntil = Number.POSITIVE_INFINITY;
      last = check();
    }
    return last;
  };
}
