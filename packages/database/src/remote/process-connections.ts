import type { HeldConnection, StatementResult } from "../connection.ts";
import type { LenderForProcess } from "./serve-database.ts";

interface Lent {
  /** Rejects when there was none in time. */
  readonly connection: Promise<HeldConnection>;
  /** Settles when the statements so far have ended. Never rejects. */
  idle: Promise<unknown>;
  running: number;
}

/** The connections that one process has been lent, by the numbers that it has given them. */
export class ProcessConnections {
  readonly #lender: LenderForProcess;
  readonly #lent = new Map<number, Lent>();
  #hasEnded = false;

  constructor(lender: LenderForProcess) {
    this.#lender = lender;
  }

  /** Runs a statement on the connection with this number, which is taken with its first statement. */
  async query(id: number, sql: string, parameters: readonly unknown[] | undefined): Promise<StatementResult> {
    if (this.#hasEnded) throw new Error("the process that asked is gone");
    const lent = this.#lent.get(id) ?? this.#borrow(id);
    lent.running++;
    const result = lent.connection.then((connection) => connection.query(sql, parameters));
    lent.idle = result.catch(() => {});
    try {
      return await result;
    } finally {
      lent.running--;
    }
  }

  /** Gives the connection back when its statements have ended. */
  giveBack(id: number): void {
    const lent = this.#take(id);
    if (lent !== undefined) void this.#release(lent);
  }

  /** Closes the connection for good. */
  discard(id: number): void {
    const lent = this.#take(id);
    // There is nothing to close where there was no connection.
    lent?.connection.then((connection) => connection.discard()).catch(() => {});
  }

  /** Gives everything back. Statements that run are broken off where that can be. */
  end(): void {
    this.#hasEnded = true;
    for (const id of [...this.#lent.keys()]) {
      const lent = this.#take(id);
      if (lent === undefined) continue;
      if (lent.running > 0 && this.#lender.kind === "postgres") {
        lent.connection.then((connection) => connection.discard()).catch(() => {});
      } else {
        void this.#release(lent);
      }
    }
  }

  #borrow(id: number): Lent {
    const lent: Lent = { connection: this.#lender.acquire(), idle: Promise.resolve(), running: 0 };
    this.#lent.set(id, lent);
    lent.connection.catch(() => this.#lent.delete(id));
    return lent;
  }

  #take(id: number): Lent | undefined {
    const lent = this.#lent.get(id);
    this.#lent.delete(id);
    return lent;
  }

  async #release({ connection, idle }: Lent): Promise<void> {
    await idle;
    await connection.then((held) => held.release()).catch(() => {});
  }
}
