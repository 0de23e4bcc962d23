import type { Clock } from "@plinth/module";
import type { ConnectionOwner } from "./connection.ts";

/** Who has a connection, and since when. */
interface Holder {
  readonly owner: ConnectionOwner;
  readonly since: number;
}

/** Remembers who has the connections, so that somebody who waits in vain can be told. */
export class Holders {
  readonly #clock: Clock;
  readonly #holders = new Map<object, Holder>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get count(): number {
    return this.#holders.size;
  }

  /** The connections in use. */
  keys(): readonly object[] {
    return [...this.#holders.keys()];
  }

  add(connection: object, owner: ConnectionOwner): void {
    this.#holders.set(connection, { owner, since: this.#clock.now() });
  }

  /** Whether the connection was in use until now. */
  remove(connection: object): boolean {
    return this.#holders.delete(connection);
  }

  /** `tickets (for 10 s), audit (for 3 s)`, the longest first. */
  describe(): string {
    const now = this.#clock.now();
    return [...this.#holders.values()]
      .sort((a, b) => a.since - b.since)
      .map(({ owner, since }) => `${owner.name} (for ${Math.round((now - since) / 1000)} s)`)
      .join(", ");
  }
}
