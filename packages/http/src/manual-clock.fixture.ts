import type { Clock } from "@plinth/module";

/** A clock that stands still until a test moves it. Due timers fire in order of time. */
export function manualClock() {
  let now = 0;
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>();
  const clock: Clock = {
    now: () => now,
    wallTime: () => now,
    timer(ms, callback) {
      const timer = { due: now + ms, callback };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
  };
  return {
    ...clock,
    get pending(): readonly number[] {
      return [...timers].map(({ due }) => due - now).sort((a, b) => a - b);
    },
    advance(ms: number): void {
      now += ms;
      for (const timer of [...timers].sort((a, b) => a.due - b.due)) {
        if (timer.due > now || !timers.delete(timer)) continue;
        timer.callback();
      }
    },
  };
}
