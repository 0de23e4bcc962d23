import type { PGlite } from "@electric-sql/pglite";
import { type Clock, type Logger, platformError } from "@plinth/module";
import type {
  Connection,
  ConnectionOwner,
  ConnectionPool,
  HeldConnection,
  MigrationSession,
  NotificationListener,
} from "../connection.ts";
import { Holders } from "../holders.ts";
import { Listeners } from "../listeners.ts";
import { Queue } from "../queue.ts";
import { changesSettings, setSearchPath } from "../search-path.ts";
import { identifier } from "../sql-text.ts";
import { reasonOf } from "../sqlstate.ts";

/** What the pool needs of its surroundings. */
export interface PGliteContext {
  /** The folder, or `memory://`. */
  readonly address: string;
  readonly database: PGlite;
  readonly connection: Connection;
  /** 0 for no limit. */
  readonly acquireTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Runs when PGlite has closed. */
  readonly onClosed: () => void;
}

/** The pool of PGlite's only connection: whoever wants it waits until the one before has given it back. */
export class PGlitePool implements ConnectionPool {
  readonly kind = "pglite";
  readonly address: string;
  readonly #context: PGliteContext;
  readonly #queue: Queue;
  readonly #holders: Holders;
  readonly #listeners = new Listeners();
  /** The schema whose search path the connection has; `undefined` when that is not known. */
  #path: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(context: PGliteContext) {
    this.#context = context;
    this.address = context.address;
    this.#queue = new Queue(context.clock);
    this.#holders = new Holders(context.clock);
    context.database.onNotification((channel, payload) => this.#listeners.tell(channel, payload));
  }

  async acquire(owner: ConnectionOwner): Promise<HeldConnection> {
    if (this.#closing !== undefined) throw platformError("DATABASE_NOT_OPEN", { module: owner.name });
    const { acquireTimeoutMs: limit, connection } = this.#context;
    if (!(await this.#queue.enter(limit))) {
      throw platformError("DATABASE_BUSY", { module: owner.name, limit, holders: this.#holders.describe() });
    }
    if (this.#context.database.closed) {
      this.#queue.leave();
      throw platformError("DATABASE_NOT_OPEN", { module: owner.name });
    }
    const held = this.#hold(connection);
    this.#holders.add(held, owner);
    const { schema } = owner;
    if (schema !== undefined && this.#path !== schema) {
      try {
        await connection.script(setSearchPath(schema));
        this.#path = schema;
      } catch (error) {
        held.release();
        throw error;
      }
    }
    return held;
  }

  async openSession(): Promise<MigrationSession> {
    return {
      use: async (work) => {
        const held = await this.acquire({ name: "migrations", schema: undefined });
        try {
          return await work(held);
        } finally {
          held.release();
        }
      },
      // A statement runs to its end before anything else does: there is never one to break off.
      cancel: async () => {},
      end: async () => {},
    };
  }

  listen(channel: string, listener: NotificationListener): () => void {
    if (this.#listeners.add(channel, listener)) void this.#subscribe(channel, listener);
    return () => void this.#listeners.remove(channel, listener);
  }

  /** The channel stays subscribed when nobody listens any more: there is only this process to notify. */
  async #subscribe(channel: string, listener: NotificationListener): Promise<void> {
    try {
      const held = await this.acquire({ name: "notifications", schema: undefined });
      await held.script(`listen ${identifier(channel)}`).finally(() => held.release());
      listener(undefined);
    } catch (error) {
      this.#context.log.warn({ channel, reason: reasonOf(error) }, "PGlite does not listen for notifications");
    }
  }

  close(signal?: AbortSignal): Promise<void> {
    this.#closing ??= this.#close(signal);
    return this.#closing;
  }

  async #close(signal: AbortSignal | undefined): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      if (signal?.aborted) resolve();
      else signal?.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([this.#queue.enter(0), aborted]);
    await this.#context.database.close();
    this.#context.onClosed();
    this.#queue.leave();
  }

  #hold(connection: Connection): HeldConnection {
    let isChanged = false;
    const held: HeldConnection = {
      processId: undefined,
      query: (sql, parameters) => {
        isChanged ||= changesSettings(sql);
        return connection.query(sql, parameters);
      },
      script: (sql) => {
        isChanged ||= changesSettings(sql);
        return connection.script(sql);
      },
      release: () => void this.#release(held, isChanged),
      discard: () => void this.#release(held, true),
    };
    return held;
  }

  async #release(held: HeldConnection, isChanged: boolean): Promise<void> {
    if (!this.#holders.remove(held)) return;
    const { database, connection, log } = this.#context;
    if (!database.closed) {
      const isOpen = database.isInTransaction();
      if (isOpen || isChanged) this.#path = undefined;
      const end = [...(isOpen ? ["rollback"] : []), ...(isChanged ? [resetSettings] : [])].join(";");
      if (end !== "")
        await connection.script(end).catch((error: unknown) => log.error({ error }, "PGlite was not reset"));
    }
    this.#queue.leave();
  }
}

const resetSettings = "reset session authorization;reset role;reset all";
