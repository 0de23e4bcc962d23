import type { Snapshot } from "../port/snapshot.ts";

/** What cursors read from. */
export interface SnapshotFeed {
  readonly current: Snapshot | undefined;
  /** Counts the snapshots that consumers are to see. */
  readonly version: number;
  /** Set when nothing more comes; with the error where that is a failure. */
  readonly end: { readonly error?: unknown } | undefined;
  readonly cursors: Set<SnapshotCursor>;
}

type Waiter = { resolve(result: IteratorResult<Snapshot, undefined>): void; reject(error: unknown): void };

/** One iteration over a watcher: remembers what it has seen, and holds nothing that it has not. */
export class SnapshotCursor implements AsyncIterator<Snapshot, undefined> {
  readonly #feed: SnapshotFeed;
  readonly #waiters: Waiter[] = [];
  #seen = 0;
  #left = false;

  constructor(feed: SnapshotFeed) {
    this.#feed = feed;
    feed.cursors.add(this);
  }

  next(): Promise<IteratorResult<Snapshot, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.wake();
    });
  }

  return(): Promise<IteratorResult<Snapshot, undefined>> {
    this.#left = true;
    this.wake();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Serves those who wait, as far as there is something to serve. */
  wake(): void {
    while (this.#waiters.length > 0) {
      const { current, version, end } = this.#feed;
      if (!this.#left && end === undefined && (current === undefined || version === this.#seen)) return;
      const waiter = this.#waiters.shift() as Waiter;
      if (!this.#left && end === undefined) {
        this.#seen = version;
        waiter.resolve({ done: false, value: current as Snapshot });
        continue;
      }
      if (!this.#left && end?.error !== undefined) waiter.reject(end.error);
      else waiter.resolve({ done: true, value: undefined });
      this.#left = true;
    }
    if (this.#left) this.#feed.cursors.delete(this);
  }
}
