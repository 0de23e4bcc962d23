import type { Clock, Timer } from "@plinth/module";

/** Work that is done again and again. */
export interface Periodic {
  /** Ends it: waits for what is being done, and begins nothing more. */
  stop(): Promise<void>;
}

/** Does `work` each `ms` milliseconds, counted from the end of the last time. What it throws goes to `onError`. */
export function every(
  clock: Clock,
  ms: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): Periodic {
  let running = Promise.resolve();
  let stopped = false;
  let timer: Timer = clock.timer(ms, begin);

  function begin(): void {
    running = work()
      .catch(onError)
      .then(() => {
        if (!stopped) timer = clock.timer(ms, begin);
      });
  }

  return {
    stop() {
      stopped = true;
      timer.cancel();
      return running;
    },
  };
}
