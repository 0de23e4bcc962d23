import type { Database } from "@plinth/database";
import type { Clock, HealthResult, Logger, Timer } from "@plinth/module";
import type { Snapshot } from "./snapshot.ts";
import { type Reading, readRevision, readSince } from "./stored.ts";

/** What the keeper needs of its surroundings. */
export interface KeeperSources {
  readonly database: Database;
  readonly snapshot: Snapshot;
  readonly clock: Clock;
  readonly log: Logger;
  /** How often the revision is looked at, in milliseconds. */
  readonly pollMs: number;
  /** Is told of each reading that the snapshot has taken in. */
  readonly onReading: (reading: Reading) => void;
}

/** Where changes are announced: see the migration that counts them. */
const channel = "plinth_grants";

/**
 * Keeps a snapshot up to date: it is told of changes by the database, and looks at their number again
 * and again besides, in case it was not told. While the database does not answer, the snapshot stays
 * as it is.
 */
export class SnapshotKeeper {
  readonly #sources: KeeperSources;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #timer: Timer | undefined;
  #stopListening: (() => void) | undefined;
  #isStopped = false;
  /** When the snapshot was last known to be up to date. */
  #freshAt: number;
  #isFailing = false;

  constructor(sources: KeeperSources) {
    this.#sources = sources;
    this.#freshAt = sources.clock.now();
  }

  /** Reads everything; rejects when that fails. Follows changes from then on, until {@link stop}. */
  async start(): Promise<void> {
    await this.refresh();
    this.#stopListening = this.#sources.database.listen(channel, () => void this.#follow(this.refresh()));
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#stopListening?.();
  }

  /** Takes in what had been committed when it was called. Rejects when the database does not answer. */
  refresh(): Promise<void> {
    if (this.#running === undefined) {
      this.#running = this.#read().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    // The reading that is under way may have begun before the change.
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.refresh();
      });
    return this.#next;
  }

  /** Warns when it is not known whether the snapshot is up to date. */
  health(): HealthResult {
    const { clock, pollMs } = this.#sources;
    const ageMs = clock.now() - this.#freshAt;
    if (ageMs <= pollMs + 1000) return { status: "pass" };
    const seconds = Math.round(ageMs / 1000);
    return { status: "warn", message: `permissions are decided by grants that were read ${seconds} s ago` };
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer = this.#sources.clock.timer(this.#sources.pollMs, () => {
      void this.#follow(this.#poll()).finally(() => this.#schedule());
    });
  }

  async #poll(): Promise<void> {
    const { database, snapshot, clock } = this.#sources;
    const asked = clock.now();
    if ((await readRevision(database)) === snapshot.revision) this.#isFresh(asked);
    else await this.refresh();
  }

  async #read(): Promise<void> {
    const { database, snapshot, clock, log } = this.#sources;
    const asked = clock.now();
    const known = snapshot.revision;
    const reading = await database.transaction((queries) => readSince(queries, known), {
      isolation: "repeatable read",
    });
    if (reading.revision !== known) {
      snapshot.take(reading);
      this.#sources.onReading(reading);
      log.debug({ revision: reading.revision, assignments: reading.assignments.length }, "read the grants");
    }
    this.#isFresh(asked);
  }

  #isFresh(at: number): void {
    this.#freshAt = Math.max(this.#freshAt, at);
    if (this.#isFailing) this.#sources.log.info("the grants are up to date again");
    this.#isFailing = false;
  }

  /** What goes wrong while nobody waits is logged once, until it goes well again. */
  async #follow(reading: Promise<void>): Promise<void> {
    try {
      await reading;
    } catch (error) {
      if (this.#isStopped || this.#isFailing) return;
      this.#isFailing = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#sources.log.warn({ err: error }, `the grants cannot be read, those known stay in force: ${reason}`);
    }
  }
}
