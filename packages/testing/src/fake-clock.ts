import type { Clock, Timer } from "@plinth/module";

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /**
   * Lets `ms` milliseconds pass: due timers fire in order of time, and what they set off gets a turn
   * of the event loop before the next one fires.
   */
  advance(ms: number): Promise<void>;
  /** How many timers are waiting. */
  readonly pendingTimers: number;
}

interface Pending {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock for tests. It begins at 0, its wall time at 2026-01-01 UTC. */
export function createFakeClock(): FakeClock {
  const epoch = Date.UTC(2026, 0, 1);
  const pending = new Set<Pending>();
  let now = 0;
  let order = 0;

  function next(until: number): Pending | undefined {
    return [...pending].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due || a.order - b.order)[0];
  }

  return {
    now: () => now,
    wallTime: () => epoch + now,
    timer(ms, callback): Timer {
      const timer: Pending = { due: now + ms, order: order++, callback };
      pending.add(timer);
      return { cancel: () => void pending.delete(timer) };
    },
    async advance(ms) {
      const until = now + ms;
      await turn();
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        pending.delete(timer);
        now = timer.due;
        timer.callback();
        await turn();
      }
      now = until;
    },
    get pendingTimers() {
      return pending.size;
    },
  };
}

/** Lets everything run that is ready to run. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
