import type { Clock } from "@plinth/module";

/** Waits `ms` milliseconds, or less when `signal` aborts. Resolves with whether the whole time passed; never rejects. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve(false);
    const timer = clock.timer(ms, () => {
      signal?.removeEventListener("abort", aborted);
      resolve(true);
    });
    function aborted(): void {
      timer.cancel();
      resolve(false);
    }
    signal?.addEventListener("abort", aborted, { once: true });
  });
}
