import { join } from "node:path";
import { type Clock, type Logger, type PlatformError, silentLogger, systemClock } from "@plinth/module";
import { newDatabaseFolder } from "@plinth/testing/pglite";
import { startPostgres, type TestDatabase, type TestPostgres } from "@plinth/testing/postgres";
import { afterAll, afterEach } from "vitest";
import type { AnyRow, ConnectionPool } from "./connection.ts";
import { type ToyModule, temporaryFolder, toyFacts } from "./host.fixture.ts";
import { collectMigrations } from "./migrations/collect.ts";
import type { ModuleMigrations } from "./migrations/migration-file.ts";
import { runMigrations } from "./migrations/run.ts";
import { openDatabase } from "./open-database.ts";
import { type DatabaseConfig, settingsOf } from "./settings.ts";

export type Kind = "pglite" | "postgres";
export const kinds: readonly Kind[] = ["pglite", "postgres"];

/** Databases for the tests of one file; all are gone when the file is done, new ones after their test. */
export interface Databases {
  /** Settings of a new, empty database: of PostgreSQL, or in a folder of PGlite. */
  config(kind: Kind): Promise<DatabaseConfig>;
  /** An empty database that is open. It is the same for all tests of the file, and emptied after each. */
  shared(kind: Kind): Promise<ConnectionPool>;
  /** A new, empty database that is open; closed after the test. */
  open(kind: Kind): Promise<ConnectionPool>;
}

export function useDatabases(): Databases {
  const folder = temporaryFolder();
  const databases: TestDatabase[] = [];
  const pools: ConnectionPool[] = [];
  const shared = new Map<Kind, Promise<ConnectionPool>>();
  let server: Promise<TestPostgres> | undefined;
  let count = 0;
  afterEach(async () => {
    for (const pool of shared.values()) await empty(await pool);
    for (const pool of pools.splice(0)) await pool.close(AbortSignal.abort());
    for (const database of databases.splice(0)) await database.drop();
  });
  afterAll(async () => {
    for (const pool of shared.values()) await (await pool).close(AbortSignal.abort());
    await (await server)?.stop();
    folder[Symbol.dispose]();
  });
  async function newDatabase(): Promise<TestDatabase> {
    server ??= startPostgres();
    return (await server).createDatabase();
  }
  async function newFolder(): Promise<DatabaseConfig> {
    count += 1;
    const dataDir = join(folder.path, `database-${count}`);
    await newDatabaseFolder(dataDir);
    return { dataDir };
  }
  async function openShared(kind: Kind): Promise<ConnectionPool> {
    return openDatabase(settingsOf(kind === "pglite" ? await newFolder() : { url: (await newDatabase()).url }));
  }
  async function config(kind: Kind): Promise<DatabaseConfig> {
    if (kind === "pglite") return newFolder();
    const database = await newDatabase();
    databases.push(database);
    return { url: database.url };
  }
  return {
    config,
    shared(kind) {
      const pool = shared.get(kind) ?? openShared(kind);
      shared.set(kind, pool);
      return pool;
    },
    async open(kind) {
      const pool = await openDatabase(settingsOf(await config(kind)));
      pools.push(pool);
      return pool;
    },
  };
}

async function empty(pool: ConnectionPool): Promise<void> {
  const schemas = await rowsOf<{ name: string }>(
    pool,
    "select quote_ident(nspname) as name from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')",
  );
  const connection = await pool.acquire({ name: "test", schema: undefined });
  const names = ["public", ...schemas.map(({ name }) => name)].join(", ");
  await connection.script(`drop schema ${names} cascade; create schema public`).finally(() => connection.release());
}

/** Writes toy modules into a folder and reads their migrations; fails on problems. */
export function toyMigrations(root: string, modules: Readonly<Record<string, ToyModule>>): readonly ModuleMigrations[] {
  const { modules: collected, problems } = collectMigrations(toyFacts(root, modules));
  if (problems[0] !== undefined) throw problems[0];
  return collected;
}

/** What one run did: for each module `ok`, or the error. */
export type Outcome = Readonly<Record<string, "ok" | Error>>;

/** Runs migrations and says how it went for each module. */
export async function migrate(
  pool: ConnectionPool,
  modules: readonly ModuleMigrations[],
  options: MigrateOptions = {},
): Promise<Outcome> {
  const { config, clock = systemClock, log = silentLogger, signal = new AbortController().signal } = options;
  const outcome: Record<string, "ok" | Error> = {};
  await runMigrations(modules, {
    pool,
    settings: settingsOf(config).migrations,
    clock,
    log,
    signal,
    onModule(module, failure) {
      if (module in outcome) throw new Error(`${module} was settled twice`);
      outcome[module] = failure ?? "ok";
      options.onModule?.(module);
    },
  });
  return outcome;
}

export interface MigrateOptions {
  readonly config?: DatabaseConfig;
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly signal?: AbortSignal;
  readonly onModule?: (module: string) => void;
}

/** The rows of a query that belongs to no module. */
export async function rowsOf<Row = AnyRow>(pool: ConnectionPool, sql: string): Promise<readonly Row[]> {
  const connection = await pool.acquire({ name: "test", schema: "public" });
  try {
    return (await connection.query<Row>(sql)).rows;
  } finally {
    connection.release();
  }
}

/** Code and message of an error, for comparison. */
export function said(error: unknown): string {
  return error instanceof Error && "code" in error
    ? `${(error as PlatformError).code}: ${error.message}`
    : String(error);
}

/** Keeps what is logged: level, fields and message of each line. */
export function recordingLog(): { readonly log: Logger; readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const method =
    (level: string) =>
    (fields: Readonly<Record<string, unknown>> | string, message = "") =>
      void lines.push(typeof fields === "string" ? { level, message: fields } : { level, ...fields, message });
  const log: Logger = {
    trace: method("trace"),
    debug: method("debug"),
    info: method("info"),
    warn: method("warn"),
    error: method("error"),
    child: () => log,
  };
  return { log, lines };
}

export type LogLine = { readonly level: string; readonly message: string; readonly [field: string]: unknown };
