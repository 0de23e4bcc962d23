import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PlatformError } from "@plinth/module";
import { newDatabaseFolder } from "@plinth/testing/pglite";
import { beforeEach, describe, expect, it } from "vitest";
import { databaseCapability } from "./capability.ts";
import { Database } from "./database.ts";
import { kinds, recordingLog, said, useDatabases } from "./databases.fixture.ts";
import { type DrivenHost, drive, temporaryFolder, toyFacts } from "./host.fixture.ts";
import type { DatabaseConfig } from "./settings.ts";
import { startProxy } from "./wire.fixture.ts";

const databases = useDatabases();
const table = { "0001_a.sql": "create table a (n int)" };

describe("the capability", () => {
  it("is a module with its manifest, and an extension for the section migrations", () => {
    const { module, extension } = databaseCapability();
    expect(module?.manifest).toMatchObject({ name: "database", version: "1.0.0" });
    expect(Object.values(module?.provides ?? {})).toEqual([Database]);
    expect(extension).toMatchObject({ name: "database", section: { key: "migrations" } });
  });

  it("opens nothing when no module uses the database", async () => {
    using folder = temporaryFolder();
    const facts = toyFacts(join(folder.path), { a: { usesDatabase: false }, b: { usesDatabase: false, needs: ["a"] } });
    const host = drive(facts, {}, { root: folder.path });
    await host.open();
    for (const { name } of facts) await host.start(name);
    await host.checkHealth();
    await host.close();
    expect(existsSync(join(folder.path, ".data"))).toBe(false);
  });

  it("opens it for a module that only has migrations", async () => {
    using folder = temporaryFolder();
    await newDatabaseFolder(join(folder.path, "data"));
    const host = drive(
      toyFacts(folder.path, { m: { usesDatabase: false, migrations: table } }),
      { dataDir: "data" },
      {
        root: folder.path,
      },
    );
    await host.open();
    await host.start("m");
    expect((await host.view("m").query("select * from a")).rows).toEqual([]);
    await host.close();
  });

  it("reports what is wrong with the files of all modules before anything runs", async () => {
    using folder = temporaryFolder();
    const facts = toyFacts(folder.path, {
      a: { migrations: { "0002_a.sql": "select 1" } },
      b: { migrations: { "0001_b.sql": "commit" } },
      plinth: {},
      "pg-tools": {},
      [`long-${"x".repeat(60)}`]: {},
    });
    const inMemory = { ...facts[0], name: "c", path: undefined } as (typeof facts)[number];
    const problems = await drive([...facts, inMemory], {}).check();
    expect(problems.map(said)).toEqual([
      'MIGRATIONS_GAP: module "a" has no migration with the number 1, but 0002_a.sql',
      'MIGRATIONS_TRANSACTION_CONTROL: migration 0001_b.sql of module "b" holds the statement COMMIT',
      'DATABASE_SCHEMA_NAME: module "plinth" cannot have the database schema "plinth": that schema holds the platform\'s own tables',
      'DATABASE_SCHEMA_NAME: module "pg-tools" cannot have the database schema "pg_tools": PostgreSQL keeps names that begin with pg_ for itself',
      expect.stringMatching(/^DATABASE_SCHEMA_NAME: .*PostgreSQL cuts names off after 63 characters$/),
      'MIGRATIONS_NO_FOLDER: module "c" has migrations, but no folder that they could be in',
    ]);
  });

  it("refuses a view before it is open and after it is closed", async () => {
    using folder = temporaryFolder();
    await newDatabaseFolder(join(folder.path, "data"));
    const host = drive(toyFacts(folder.path, { m: {} }), { dataDir: "data" }, { root: folder.path });
    await expect(host.view("m").query("select 1")).rejects.toThrow(
      'module "m" used the database while it was not open',
    );
    await host.open();
    const view = host.view("m");
    await host.close();
    await expect(view.query("select 1")).rejects.toMatchObject({ code: "DATABASE_NOT_OPEN" });
    await expect(view.kysely<{ t: object }>().selectFrom("t").selectAll().execute()).rejects.toThrow(PlatformError);
  });

  it("names the process that has the folder", async () => {
    using folder = temporaryFolder();
    await newDatabaseFolder(join(folder.path, "data"));
    const facts = toyFacts(folder.path, { m: {} });
    const first = drive(facts, { dataDir: "data" }, { root: folder.path });
    await first.open();
    const second = drive(facts, { dataDir: "data" }, { root: folder.path });
    await expect(second.open()).rejects.toMatchObject({ code: "DATABASE_FOLDER_IN_USE" });
    await second.close();
    await first.close();
    expect(readdirSync(folder.path).filter((name) => name.startsWith("data"))).toEqual(["data"]);
  });
});

describe.each(kinds)("the capability on %s", (kind) => {
  let config: DatabaseConfig;
  let opened: DrivenHost | undefined;
  beforeEach(async () => {
    config = await databases.config(kind);
    return async () => {
      await opened?.close(AbortSignal.abort());
      opened = undefined;
    };
  });

  it("migrates before the modules start, gives each its view, and keeps everything for the next start", async () => {
    using folder = temporaryFolder();
    const facts = toyFacts(folder.path, {
      identity: { migrations: { "0001_users.sql": "create table users (id int primary key)" } },
      tickets: {
        needs: ["identity"],
        migrations: { "0001_t.sql": "create table tickets (by int references identity.users)" },
      },
      plain: {},
    });
    for (const count of [1, 2]) {
      const { log, lines } = recordingLog();
      const host = drive(facts, config, { log });
      opened = host;
      await host.open();
      await Promise.all(["identity", "tickets", "plain"].map((name) => host.start(name)));
      await host.view("identity").query("insert into users values ($1)", [count]);
      await host.view("tickets").query("insert into tickets values ($1)", [count]);
      expect((await host.view("tickets").query("select by from tickets")).rowCount).toBe(count);
      await host
        .view("plain")
        .query("create table own (n int)")
        .catch(() => {});
      await host.checkHealth();
      await host.close();
      expect(lines.filter(({ message }) => message.startsWith("migrated ")).map(({ of }) => of)).toEqual(
        count === 1 ? ["identity", "tickets"] : [],
      );
      expect(JSON.stringify(lines)).toContain(kind === "pglite" ? "opened PGlite" : "opened PostgreSQL");
    }
  });

  it("lets each module wait for its own result", async () => {
    using folder = temporaryFolder();
    const facts = toyFacts(folder.path, {
      good: { migrations: table },
      bad: { critical: false, migrations: { "0001_b.sql": "select 1/0" } },
      other: { migrations: table },
    });
    const host = drive(facts, config);
    opened = host;
    await host.open();
    const results = await Promise.allSettled(["bad", "good", "other"].map((name) => host.start(name)));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  });

  it("gives the run up when all that wait for it have given up", async () => {
    using folder = temporaryFolder();
    const stuck = {
      "0001_a.js":
        "export default ({ signal }) => new Promise((_, no) => signal.addEventListener('abort', () => no(signal.reason)))",
    };
    const facts = toyFacts(folder.path, { a: { migrations: stuck }, b: { migrations: table } });
    const host = drive(facts, config);
    opened = host;
    await host.open();
    const controllers = { a: new AbortController(), b: new AbortController() };
    const a = host.start("a", controllers.a.signal).catch(said);
    const b = host.start("b", controllers.b.signal).catch(said);
    controllers.a.abort(new Error("given up"));
    expect(await a).toContain("MIGRATIONS_INTERRUPTED");
    controllers.b.abort(new Error("given up"));
    expect(await b).toContain("MIGRATIONS_INTERRUPTED");
    await host.close();
  });

  it("closes in bounded time, even while a module keeps a transaction open", async () => {
    using folder = temporaryFolder();
    const host = drive(toyFacts(folder.path, { m: {} }), config);
    await host.open();
    await host.start("m");
    const begun = Promise.withResolvers<void>();
    const open = host
      .view("m")
      .transaction(async ({ query }) => {
        await query("select 1");
        begun.resolve();
        await new Promise(() => {});
      })
      .catch(() => {});
    await begun.promise;
    const controller = new AbortController();
    const closing = host.close(controller.signal);
    expect(
      await Promise.race([closing.then(() => "closed"), new Promise((resolve) => setImmediate(resolve, "waiting"))]),
    ).toBe("waiting");
    controller.abort();
    await closing;
    void open;
  });
});

describe("the capability's health", () => {
  it("fails while PostgreSQL is away", async () => {
    using folder = temporaryFolder();
    const { url = "" } = await databases.config("postgres");
    const proxy = await startProxy(url);
    const host = drive(toyFacts(folder.path, { m: {} }), { url: proxy.url, pool: { acquireTimeout: "1s" } });
    await host.open();
    await host.checkHealth();
    await proxy[Symbol.asyncDispose]();
    await expect(host.checkHealth()).rejects.toThrow();
    await host.close(AbortSignal.abort());
  });
});
