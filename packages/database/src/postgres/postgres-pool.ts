import { type Clock, type Logger, platformError } from "@plinth/module";
import type pg from "pg";
import type {
  ConnectionOwner,
  ConnectionPool,
  HeldConnection,
  MigrationSession,
  NotificationListener,
} from "../connection.ts";
import { Holders } from "../holders.ts";
import { maskedUrl, withoutPassword } from "../masked-url.ts";
import { changesSettings, setSearchPath } from "../search-path.ts";
import type { DatabaseSettings } from "../settings.ts";
import { reasonOf } from "../sqlstate.ts";
import { connectError } from "./connect-error.ts";
import { NotificationClient } from "./notification-client.ts";
import { postgresConnection } from "./postgres-connection.ts";
import { rowTypes } from "./row-types.ts";

/** What the pool needs of its surroundings. */
export interface PostgresContext {
  readonly driver: typeof pg;
  readonly url: string;
  readonly settings: DatabaseSettings;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Connections to PostgreSQL, shared by all modules. A connection that changes hands gets the new
 * owner's search path in the same packet as its first statement.
 */
export class PostgresPool implements ConnectionPool {
  readonly kind = "postgres";
  readonly address: string;
  readonly #context: PostgresContext;
  readonly #pool: pg.Pool;
  readonly #holders: Holders;
  /** The schema whose search path a connection has. */
  readonly #paths = new WeakMap<pg.PoolClient, string>();
  readonly #notifications: NotificationClient;
  #closing: Promise<void> | undefined;

  constructor(context: PostgresContext) {
    const { driver, settings, clock, log } = context;
    this.#context = context;
    this.#holders = new Holders(clock);
    this.#notifications = new NotificationClient({
      createClient: () =>
        new driver.Client({
          ...this.#clientConfig("plinth notifications"),
          connectionTimeoutMillis: settings.connectTimeoutMs,
        }),
      clock,
      log,
    });
    this.address = maskedUrl(context.url);
    this.#pool = new driver.Pool({
      ...this.#clientConfig("plinth"),
      max: settings.pool.size,
      idleTimeoutMillis: settings.pool.idleTimeoutMs,
      connectionTimeoutMillis: settings.pool.acquireTimeoutMs,
      statement_timeout: settings.statementTimeoutMs,
      lock_timeout: settings.lockTimeoutMs,
    });
    this.#pool.on("connect", (client) => this.#logErrorsOf(client));
    // The client's own handler has logged it already; without one here the process would end.
    this.#pool.on("error", () => {});
  }

  async acquire(owner: ConnectionOwner): Promise<HeldConnection> {
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw this.#acquireError(owner, error);
    }
    this.#holders.add(client, owner);
    const { schema } = owner;
    if (schema !== undefined && this.#paths.get(client) !== schema) {
      this.#paths.set(client, schema);
      // Not awaited: it is sent together with the first statement, which fails too when the connection is gone.
      client.query(setSearchPath(schema)).catch(() => this.#paths.delete(client));
    }
    return this.#held(client);
  }

  /** Makes a connection, or takes an idle one, and gives it back. Rejects with the driver's own error. */
  async probe(): Promise<void> {
    const client = await this.#pool.connect();
    client.release();
  }

  async openSession(): Promise<MigrationSession> {
    const { driver, url, settings } = this.#context;
    const client = new driver.Client({
      ...this.#clientConfig("plinth migrations"),
      connectionTimeoutMillis: settings.connectTimeoutMs,
      statement_timeout: settings.migrations.statementTimeoutMs,
    });
    this.#logErrorsOf(client);
    try {
      await client.connect();
    } catch (error) {
      throw connectError(url, settings.connectTimeoutMs, error);
    }
    const connection = postgresConnection(client);
    return {
      use: (work) => work(connection),
      cancel: () => this.#cancel(connection.processId),
      end: () => client.end().catch(() => {}),
    };
  }

  listen(channel: string, listener: NotificationListener): () => void {
    return this.#notifications.listen(channel, listener);
  }

  close(signal?: AbortSignal): Promise<void> {
    this.#notifications.close();
    this.#closing ??= this.#pool.end();
    const closeHeld = () => {
      for (const client of this.#holders.keys()) this.#giveBack(client as pg.PoolClient, true);
    };
    if (signal?.aborted) closeHeld();
    else signal?.addEventListener("abort", closeHeld, { once: true });
    return this.#closing;
  }

  #clientConfig(application: string): pg.ClientConfig {
    const { driver, url } = this.#context;
    return {
      connectionString: url,
      application_name: application,
      keepAlive: true,
      pipeline: true,
      types: rowTypes(driver.types),
    };
  }

  #held(client: pg.PoolClient): HeldConnection {
    const connection = postgresConnection(client);
    let isChanged = false;
    return {
      processId: connection.processId,
      query: (sql, parameters) => {
        isChanged ||= changesSettings(sql);
        return connection.query(sql, parameters);
      },
      script: (sql) => {
        isChanged ||= changesSettings(sql);
        return connection.script(sql);
      },
      // Changed settings, and a transaction that was left open, end with the connection.
      release: () => this.#giveBack(client, isChanged || client.getTransactionStatus() !== "I"),
      discard: () => this.#giveBack(client, true),
    };
  }

  #giveBack(client: pg.PoolClient, destroy: boolean): void {
    if (this.#holders.remove(client)) client.release(destroy);
  }

  async #cancel(processId: number | undefined): Promise<void> {
    const held = await this.acquire({ name: "migrations", schema: undefined });
    try {
      await held.query("select pg_cancel_backend($1)", [processId]);
    } finally {
      held.release();
    }
  }

  #acquireError(owner: ConnectionOwner, error: unknown): Error {
    const { settings, url } = this.#context;
    if (this.#closing !== undefined) return platformError("DATABASE_NOT_OPEN", { module: owner.name });
    if (this.#holders.count < settings.pool.size) return connectError(url, settings.pool.acquireTimeoutMs, error);
    return platformError("DATABASE_BUSY", {
      module: owner.name,
      limit: settings.pool.acquireTimeoutMs,
      holders: this.#holders.describe(),
    });
  }

  /** A lost connection also fails the statement that runs on it; this is for those on which none does. */
  #logErrorsOf(client: pg.ClientBase): void {
    client.on("error", (error) => {
      const reason = withoutPassword(reasonOf(error), this.#context.url);
      this.#context.log.warn({ reason }, "a connection to PostgreSQL was lost");
    });
  }
}
