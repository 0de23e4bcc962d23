import type { Clock, Logger } from "@plinth/module";
import type pg from "pg";
import type { NotificationListener } from "../connection.ts";
import { Listeners } from "../listeners.ts";
import { identifier } from "../sql-text.ts";
import { reasonOf } from "../sqlstate.ts";

/** What the client needs of its surroundings. */
export interface NotificationContext {
  /** Makes a client that is not connected; it is not used again after its connection is lost. */
  readonly createClient: () => pg.Client;
  readonly clock: Clock;
  readonly log: Logger;
}

const shortestPauseMs = 100;
const longestPauseMs = 5000;

/**
 * The one connection on which a platform listens for notifications. It is made when somebody listens,
 * and again when it is lost, after pauses that grow to five seconds.
 */
export class NotificationClient {
  readonly #context: NotificationContext;
  readonly #listeners = new Listeners();
  #client: pg.Client | undefined;
  #isConnected = false;
  #retry: ReturnType<Clock["timer"]> | undefined;
  #pauseMs = shortestPauseMs;
  #isClosed = false;

  constructor(context: NotificationContext) {
    this.#context = context;
  }

  listen(channel: string, listener: NotificationListener): () => void {
    const isNew = this.#listeners.add(channel, listener);
    if (this.#client === undefined && this.#retry === undefined) void this.#connect();
    else if (isNew && this.#isConnected) this.#send(`listen ${identifier(channel)}`);
    return () => {
      const isLast = this.#listeners.remove(channel, listener);
      if (isLast && this.#isConnected) this.#send(`unlisten ${identifier(channel)}`);
    };
  }

  /** Ends the connection, without waiting for the server. Nobody is told anything after this. */
  close(): void {
    this.#isClosed = true;
    this.#retry?.cancel();
    this.#client?.end().catch(() => {});
  }

  async #connect(): Promise<void> {
    if (this.#isClosed) return;
    const client = this.#context.createClient();
    this.#client = client;
    client.on("error", (error) => this.#lost(client, error));
    client.on("end", () => this.#lost(client, new Error("the connection was closed")));
    client.on("notification", ({ channel, payload }) => {
      if (!this.#isClosed) this.#listeners.tell(channel, payload ?? "");
    });
    try {
      await client.connect();
      const { channels } = this.#listeners;
      if (channels.length > 0) await client.query(channels.map((name) => `listen ${identifier(name)}`).join(";"));
    } catch (error) {
      this.#lost(client, error);
      return;
    }
    if (this.#client !== client || this.#isClosed) return;
    this.#isConnected = true;
    this.#pauseMs = shortestPauseMs;
    // Those who came while the connection was being made.
    for (const name of this.#listeners.channels) this.#send(`listen ${identifier(name)}`);
    this.#listeners.tellOfGap();
  }

  /** A statement that fails has lost its connection, which is told by the client's own event. */
  #send(sql: string): void {
    this.#client?.query(sql).catch((error: unknown) => this.#context.log.debug({ reason: reasonOf(error) }, sql));
  }

  #lost(client: pg.Client, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#isConnected = false;
    client.end().catch(() => {});
    if (this.#isClosed) return;
    const { clock, log } = this.#context;
    log.debug({ reason: reasonOf(error) }, "the connection that listens for notifications was lost");
    this.#retry = clock.timer(this.#pauseMs, () => {
      this.#retry = undefined;
      void this.#connect();
    });
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }
}
