import type { Clock } from "@plinth/module";

/**
 * Waits until `done` is called, but for at most `ms` milliseconds and not past an abort of `signal`.
 *
 * @param begin is called at once with `done`.
 * @returns whether `done` was called in time.
 */
export function waitFor(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  begin: (done: () => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (inTime: boolean) => {
      timer.cancel();
      signal?.removeEventListener("abort", giveUp);
      resolve(inTime);
    };
    const giveUp = () => end(false);
    const timer = clock.timer(ms, giveUp);
    signal?.addEventListener("abort", giveUp);
    if (signal?.aborted) giveUp();
    else begin(() => end(true));
  });
}
