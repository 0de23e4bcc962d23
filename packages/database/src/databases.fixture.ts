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

/** Databases for the tests of one file; all are gone when the file is done. */
export interface Databases {
  /** Settings of a new, empty database: of PostgreSQL, or in a folder of PGlite. */
  config(kind: Kind): Promise<DatabaseConfig>;
  /** Opens an empty database for one test. That of PGlite is in memory, and emptied after the test. */
  open(kind: Kind, more?: DatabaseConfig): Promise<ConnectionPool>;
}

export function useDatabases(): Databases {
  const folder = temporaryFolder();
  const databases: TestDatabase[] = [];
  const pools: ConnectionPool[] = [];
  let server: Promise<TestPostgres> | undefined;
  let inMemory: Promise<ConnectionPool> | undefined;
  let count = 0;
  afterEach(async () => {
    if (inMemory !== undefined) await empty(await inMemory);
    for (const pool of pools.splice(0)) await pool.close(AbortSignal.abort());
    for (const database of databases.splice(0)) await database.drop();
  });
  afterAll(async () => {
    await (await server)?.stop();
    await (await inMemory)?.close();
    folder[Symbol.dispose]();
  });
  async function config(kind: Kind): Promise<DatabaseConfig> {
    if (kind === "pglite") {
      count += 1;
      const dataDir = join(folder.path, `database-${count}`);
      await newDatabaseFolder(dataDir);
      return { dataDir };
    }
    server ??= startPostgres();
    const database = await (await server).createDatabase();
    databases.push(database);
    return { url: database.url };
  }
  return {
    config,
    async open(kind, more = {}) {
      if (kind === "pglite") {
        inMemory ??= openDatabase(settingsOf({ dataDir: "memory://", ...more }));
        return inMemory;
      }
      const pool = await openDatabase(settingsOf({ ...(await config(kind)), ...more }));
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
  for (const { name } of schemas) await rowsOf(pool, `drop schema ${name} cascade`);
  await rowsOf(pool, "drop schema public cascade");
  await rowsOf(pool, "create schema public");
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
