import type { Clock, Timer } from "@plinth/module";

interface Waiting {
  readonly enter: () => void;
  readonly timer: Timer | undefined;
}

/** Lets so many in at a time, in the order in which they came. */
export class Queue {
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  #free: number;

  /** @param places how many are let in at a time. */
  constructor(clock: Clock, places = 1) {
    this.#clock = clock;
    this.#free = places;
  }

  /** Waits for the turn, for at most `limitMs` milliseconds (0 for no limit); says whether it came. Then call {@link leave}. */
  enter(limitMs: number): Promise<boolean> {
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const giveUp = () => {
        this.#waiting.delete(waiting);
        resolve(false);
      };
      const waiting: Waiting = {
        enter: () => resolve(true),
        timer: limitMs === 0 ? undefined : this.#clock.timer(limitMs, giveUp),
      };
      this.#waiting.add(waiting);
    });
  }

  /** Ends the turn: the next one is let in. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next.timer?.cancel();
    next.enter();
  }
}
