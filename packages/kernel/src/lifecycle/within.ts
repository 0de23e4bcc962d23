import type { Clock } from "@plinth/module";

/** Whether `work` ends, well or not, within `ms` milliseconds. */
export function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.timer(ms, () => resolve(false));
    const ended = () => {
      timer.cancel();
      resolve(true);
    };
    work.then(ended, ended);
  });
}
