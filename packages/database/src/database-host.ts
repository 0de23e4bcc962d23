import { type Clock, type Logger, platformError, type ServiceConsumer } from "@plinth/module";
import { closedView } from "./closed-view.ts";
import type { ConnectionPool } from "./connection.ts";
import type { Database } from "./database.ts";
import type { ModuleMigrations } from "./migrations/migration-file.ts";
import { SharedRun } from "./migrations/shared-run.ts";
import type { openDatabase } from "./open-database.ts";
import type { LenderForProcess } from "./remote/serve-database.ts";
import { schemaName } from "./schema-name.ts";
import type { DatabaseSettings } from "./settings.ts";

type ViewMaker = typeof import("./database-view.ts");

interface Surroundings {
  readonly settings: DatabaseSettings;
  readonly log: Logger;
}

interface Opened extends Surroundings {
  readonly pool: ConnectionPool;
  readonly views: ViewMaker;
  readonly run: SharedRun;
}

const never = new AbortController().signal;

/** What the module and the extension of the capability share: the open database and the run of the migrations. */
export class DatabaseHost {
  readonly #clock: Clock;
  readonly #root: string | undefined;
  readonly #open: typeof openDatabase;
  #users: ReadonlySet<string> = new Set();
  #modules: readonly ModuleMigrations[] = [];
  #opened: Opened | undefined;
  /** Set while the module runs without anybody who uses the database. */
  #unopened: Surroundings | undefined;

  constructor(clock: Clock, root: string | undefined, open: typeof openDatabase) {
    this.#clock = clock;
    this.#root = root;
    this.#open = open;
  }

  /**
   * Takes the modules of the platform, in plan order; an empty list when none uses the database. While
   * the platform runs, what is pending of them is migrated, and the database opened if it was not.
   */
  async takeIn(modules: readonly ModuleMigrations[]): Promise<void> {
    this.#modules = modules;
    this.#users = new Set(modules.filter(({ schema }) => schema !== undefined).map(({ module }) => module));
    if (this.#unopened !== undefined && this.#users.size > 0) {
      const { settings, log } = this.#unopened;
      this.#unopened = undefined;
      await this.open(settings, log, never);
    } else if (this.#opened !== undefined) {
      const run = this.#runOf(this.#opened);
      this.#opened = { ...this.#opened, run };
      run.begin();
    }
  }

  /** Opens the database, if any module uses it. */
  async open(settings: DatabaseSettings, log: Logger, signal: AbortSignal): Promise<void> {
    if (this.#users.size === 0) {
      log.debug("no module uses the database: it stays closed");
      this.#unopened = { settings, log };
      return;
    }
    const root = this.#root === undefined ? {} : { root: this.#root };
    const [pool, views] = await Promise.all([
      this.#open(settings, { ...root, clock: this.#clock, log, signal }),
      import("./database-view.ts"),
    ]);
    log.info({ database: pool.address }, `opened ${pool.kind === "pglite" ? "PGlite" : "PostgreSQL"}`);
    const run = this.#runOf({ pool, settings, log });
    this.#opened = { pool, views, run, settings, log };
  }

  #runOf({ pool, settings, log }: Pick<Opened, "pool" | "settings" | "log">): SharedRun {
    return new SharedRun(this.#modules, { pool, settings: settings.migrations, clock: this.#clock, log });
  }

  /** Ends a run of the migrations and closes the database. Waits for what is in use until `signal` aborts. */
  async close(signal: AbortSignal): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    this.#unopened = undefined;
    await opened?.run.stop(signal);
    await opened?.pool.close(signal);
  }

  /** The database as a module sees it. */
  viewFor({ name }: ServiceConsumer): Database {
    const owner = { name, schema: schemaName(name) };
    if (!this.#users.has(name)) return closedView(owner);
    return this.#need(name).views.databaseView(
      owner,
      () => this.#need(name).pool,
      () => this.#need(name).run.ended,
    );
  }

  /** What the database as a module in another process sees it is made of. */
  lendTo({ name }: ServiceConsumer): LenderForProcess {
    const owner = { name, schema: schemaName(name) };
    const { pool, settings } = this.#need(name);
    return {
      kind: pool.kind,
      connections: pool.kind === "pglite" ? 1 : settings.pool.size,
      acquireTimeoutMs: settings.pool.acquireTimeoutMs,
      acquire: () => this.#need(name).pool.acquire(owner),
    };
  }

  /** Waits until the module's tables are up to date; `undefined` for one that does not use the database. */
  migrate(module: string, signal: AbortSignal): Promise<void> | undefined {
    return this.#users.has(module) ? this.#need(module).run.wait(module, signal) : undefined;
  }

  /** Rejects when the database does not answer. */
  async checkHealth(): Promise<void> {
    if (this.#opened === undefined) return;
    const connection = await this.#opened.pool.acquire({ name: "database", schema: undefined });
    try {
      await connection.query("select 1");
    } finally {
      connection.release();
    }
  }

  #need(module: string): Opened {
    if (this.#opened === undefined) throw platformError("DATABASE_NOT_OPEN", { module });
    return this.#opened;
  }
}
