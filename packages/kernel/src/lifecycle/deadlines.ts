import type { Clock, Timer } from "@plinth/module";

/** A moment after which something is called, unless it is met before. */
export interface Deadline {
  /** Says that the deadline was met. */
  meet(): void;
}

class Pending implements Deadline {
  readonly due: number;
  #onMissed: (() => void) | undefined;
  readonly #queue: Queue;

  constructor(due: number, onMissed: () => void, queue: Queue) {
    this.due = due;
    this.#onMissed = onMissed;
    this.#queue = queue;
  }

  get isOpen(): boolean {
    return this.#onMissed !== undefined;
  }

  meet(): void {
    if (!this.isOpen) return;
    this.#onMissed = undefined;
    this.#queue.closed();
  }

  miss(): void {
    const onMissed = this.#onMissed;
    this.meet();
    onMissed?.();
  }
}

/**
 * Deadlines of the same length in milliseconds. They fall due in the order in which they are set, so
 * one timer of the clock serves all of them; thousands of modules that start together need one. No
 * timer runs while no deadline is open.
 */
class Queue {
  readonly #clock: Clock;
  readonly #ms: number;
  #waiting: Pending[] = [];
  #open = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  add(onMissed: () => void): Pending {
    const pending = new Pending(this.#clock.now() + this.#ms, onMissed, this);
    this.#waiting.push(pending);
    this.#open += 1;
    this.#timer ??= this.#clock.timer(this.#ms, () => this.#look());
    return pending;
  }

  closed(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#waiting = [];
  }

  #look(): void {
    const now = this.#clock.now();
    const open = this.#waiting.filter((pending) => pending.isOpen);
    this.#waiting = open.filter(({ due }) => due > now);
    const next = this.#waiting[0];
    this.#timer = next === undefined ? undefined : this.#clock.timer(next.due - now, () => this.#look());
    for (const pending of open) if (pending.due <= now) pending.miss();
  }
}

/** All deadlines of one lifecycle, by their length. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #queues = new Map<number, Queue>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `onMissed` in `ms` milliseconds, unless the deadline is met before. */
  set(ms: number, onMissed: () => void): Deadline {
    let queue = this.#queues.get(ms);
    if (queue === undefined) {
      queue = new Queue(this.#clock, ms);
      this.#queues.set(ms, queue);
    }
    return queue.add(onMissed);
  }
}
