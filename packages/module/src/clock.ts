/** A running timer of a {@link Clock}. */
export interface Timer {
  cancel(): void;
}

/** Where the platform takes time from, so that tests can hand in their own. */
export interface Clock {
  /** Milliseconds on a monotonic scale of unknown origin, with fractions. */
  now(): number;
  /** Milliseconds since 1970-01-01 UTC. */
  wallTime(): number;
  /** Calls `callback` once after `ms` milliseconds. The timer keeps the process alive unless it is cancelled. */
  timer(ms: number, callback: () => void): Timer;
}

/** The time of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  timer(ms, callback) {
    const handle = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(handle) };
  },
};
