import { platformError } from "@plinth/module";
import { createFakeClock } from "@plinth/testing/clock";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { migrate, recordingLog, rowsOf, said, toyMigrations, useDatabases } from "../databases.fixture.ts";
import { drive, temporaryFolder, toyFacts } from "../host.fixture.ts";
import { openDatabase } from "../open-database.ts";
import { resultOf, startMigrating } from "../processes.fixture.ts";
import { settingsOf } from "../settings.ts";
import { startProxy, startTransactionPooler, type WireMessage } from "../wire.fixture.ts";

const databases = useDatabases();
const lockKey = 0x706c696e7468;

/** A client of the test's own, beside the platform. */
async function client(url: string | undefined): Promise<pg.Client & AsyncDisposable> {
  const made = new pg.Client({ connectionString: url ?? "" });
  await made.connect();
  return Object.assign(made, { [Symbol.asyncDispose]: () => made.end() });
}

const migrators = `select pid, state, wait_event_type, query from pg_stat_activity
  where application_name = 'plinth migrations' and datname = current_database()`;

describe("a start with nothing pending", () => {
  it("costs one round trip and takes no lock, however many modules there are", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    await using proxy = await startProxy(config.url ?? "");
    const toys = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`m${index}`, { migrations: { "0001_a.sql": "select 1" } }]),
    );
    const facts = toyFacts(folder.path, { ...toys, plain: {} });
    const texts: string[] = [];
    proxy.judge = ({ type, bytes }) => {
      if (type === "Q" || type === "P") texts.push(bytes.toString());
      return "pass";
    };
    for (const isFirst of [true, false]) {
      texts.length = 0;
      proxy.roundTrips = 0;
      const host = drive(facts, { url: proxy.url });
      await host.open();
      for (const { name } of facts) await host.start(name);
      await host.close();
      if (isFirst) expect(texts.join()).toContain("pg_try_advisory_lock");
    }
    expect(proxy.roundTrips).toBe(1);
    expect(texts.join()).not.toContain("lock");
  });
});

describe("several processes", () => {
  it("start at once: one applies, the others wait, and none fails", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    toyFacts(folder.path, {
      a: { migrations: { "0001_a.sql": "create table a (n int); insert into a values (1); select pg_sleep(0.2)" } },
      b: {
        needs: ["a"],
        migrations: { "0001_b.ts": "export default ({ query }) => query('insert into a.a values (2)')" },
      },
    });
    const processes = Array.from({ length: 8 }, () => startMigrating({ config, root: folder.path }));
    const results = await Promise.all(processes.map(resultOf));
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(8).fill({ a: "ok", b: "ok" }));
    const pool = await openDatabase(settingsOf(config));
    expect(await rowsOf(pool, "select n from a.a order by n")).toEqual([{ n: 1 }, { n: 2 }]);
    await pool.close();
  });

  it("build an index concurrently while others wait, without a deadlock", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    const table = { "0001_a.sql": "create table a (n int); insert into a select generate_series(1, 1000)" };
    const first = await openDatabase(settingsOf(config));
    const second = await openDatabase(settingsOf(config));
    try {
      await migrate(first, toyMigrations(folder.path, { m: { migrations: table } }));
      const modules = toyMigrations(folder.path, {
        m: {
          migrations: { ...table, "0002_b.sql": "-- plinth: no-transaction\ncreate index concurrently a_n on a (n)" },
        },
      });
      await using reader = await client(config.url);
      await reader.query("begin isolation level repeatable read");
      await reader.query("select count(*) from m.a");
      // The index waits for the reader's snapshot; meanwhile the second run waits for the lock.
      const builds = migrate(first, modules);
      await expect.poll(() => rowsOf(second, migrators)).toMatchObject([{ wait_event_type: "Lock" }]);
      const waits = migrate(second, modules);
      await expect
        .poll(() => rowsOf(second, migrators))
        .toContainEqual(
          expect.objectContaining({ query: expect.stringContaining("pg_try_advisory_lock"), state: "idle" }),
        );
      await reader.query("commit");
      expect(await Promise.all([builds, waits])).toEqual([{ m: "ok" }, { m: "ok" }]);
      expect(await rowsOf(first, "select indisvalid from pg_index where indexrelid = 'm.a_n'::regclass")).toEqual([
        { indisvalid: true },
      ]);
    } finally {
      await first.close();
      await second.close();
    }
  });

  it("tell who has the lock while they wait, and go on when it is free", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    const pool = await openDatabase(settingsOf(config));
    await using other = await client(config.url);
    await other.query(`select pg_advisory_lock(${lockKey}) as "the other one"`);
    const { rows } = await other.query("select pg_backend_pid() as pid");
    const clock = createFakeClock();
    const { log, lines } = recordingLog();
    const running = migrate(pool, toyMigrations(folder.path, { m: {} }), { clock, log });
    await expect
      .poll(() => clock.advance(500).then(() => lines), { interval: 5 })
      .toContainEqual(
        expect.objectContaining({
          level: "warn",
          message: "waiting for another migration",
          pid: rows[0]?.pid,
          query: "select pg_backend_pid() as pid",
          state: "idle",
        }),
      );
    await other.query(`select pg_advisory_unlock(${lockKey})`);
    const isDone = running.then(() => true);
    await expect.poll(() => clock.advance(1000).then(() => Promise.race([isDone, false])), { interval: 5 }).toBe(true);
    expect(await running).toEqual({ m: "ok" });
    await pool.close();
  });

  it("give up after the longest wait and name the process", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    const pool = await openDatabase(settingsOf(config));
    await using other = await client(config.url);
    await other.query(`select pg_advisory_lock(${lockKey})`);
    const clock = createFakeClock();
    let outcome: unknown;
    const running = migrate(pool, toyMigrations(folder.path, { m: {} }), {
      clock,
      config: { migrations: { wait: "10s" } },
    }).then(({ m }) => {
      outcome = m;
    });
    await expect.poll(() => clock.advance(1000).then(() => outcome), { interval: 5 }).toBeDefined();
    await running;
    expect(said(outcome)).toMatch(
      /^MIGRATIONS_LOCK_BUSY: another run of the migrations has held the lock for more than 10000 ms: process \d+ of the server \(/,
    );
    expect((outcome as { fix: string }).fix).toMatch(/pg_terminate_backend\(\d+\)/);
    await pool.close();
  });

  it("take over soon after one was killed in the middle of a long statement", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    const modules = (text: string) => ({ m: { migrations: { "0001_a.sql": text } } });
    toyFacts(folder.path, modules("create table a (n int); select pg_sleep(600)"));
    const orphaned = startMigrating({ config, root: folder.path });
    const pool = await openDatabase(settingsOf(config));
    await expect.poll(() => rowsOf(pool, migrators)).toMatchObject([{ state: "active", wait_event_type: "Timeout" }]);
    orphaned.child.kill("SIGKILL");
    await orphaned.ended;
    expect(await migrate(pool, toyMigrations(folder.path, modules("create table a (n int)")))).toEqual({ m: "ok" });
    await pool.close();
  });
});

describe("tables that are in use", () => {
  const table = { "0001_a.sql": "create table a (n int)" };
  const more = { ...table, "0002_b.sql": "alter table a add column t text", "0003_c.sql": "select 1" };

  it("make a migration give way, a bounded number of times", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    const pool = await openDatabase(settingsOf(config));
    await migrate(pool, toyMigrations(folder.path, { m: { migrations: table } }));
    await using traffic = await client(config.url);
    await traffic.query("begin; select * from m.a");
    const outcome = await migrate(pool, toyMigrations(folder.path, { m: { migrations: more } }), {
      config: { migrations: { lockTimeout: "20ms", attempts: 2 } },
    });
    expect(said(outcome.m)).toBe(
      'MIGRATIONS_BLOCKED: migration 0002_b.sql of module "m" did not get its locks: 2 times 20 ms were not enough',
    );
    await pool.close();
  });

  it("are altered when they get free in time", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    const pool = await openDatabase(settingsOf(config));
    await migrate(pool, toyMigrations(folder.path, { m: { migrations: table } }));
    await using traffic = await client(config.url);
    await traffic.query("begin; select * from m.a");
    const { log, lines } = recordingLog();
    const running = migrate(pool, toyMigrations(folder.path, { m: { migrations: more } }), {
      log,
      config: { migrations: { lockTimeout: "20ms", attempts: 50 } },
    });
    await expect
      .poll(() => lines)
      .toContainEqual(expect.objectContaining({ message: "tables are in use: the migration waits", attempt: 1 }));
    await traffic.query("commit");
    expect(await running).toEqual({ m: "ok" });
    await pool.close();
  });
});

describe("a connection that is lost", () => {
  const modules = {
    m: {
      migrations: {
        "0001_a.sql": "create table a (n int); insert into a values (1)",
        "0002_b.sql": "insert into a values (2)",
        "0003_c.ts": "export default ({ query }) => query('insert into a values (3)')",
      },
    },
  };
  const isCommit = ({ type, bytes }: WireMessage) => type === "Q" && bytes.includes("insert into plinth.migrations");

  it.each(["cut before", "cut after"] as const)(
    "at COMMIT (%s the server has done it) leads to one of each",
    async (verdict) => {
      using folder = temporaryFolder();
      const config = await databases.config("postgres");
      await using proxy = await startProxy(config.url ?? "");
      let cuts = 0;
      proxy.judge = (message) => {
        if (!isCommit(message) || cuts >= 2) return "pass";
        cuts += 1;
        return verdict;
      };
      const { log, lines } = recordingLog();
      const pool = await openDatabase(settingsOf({ url: proxy.url }));
      expect(await migrate(pool, toyMigrations(folder.path, modules), { log })).toEqual({ m: "ok" });
      expect(lines.filter(({ message }) => message.startsWith("the connection was lost"))).toHaveLength(2);
      expect(await rowsOf(pool, "select n from m.a order by n")).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
      await pool.close();
    },
  );

  it("at the first look is made again", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    await using proxy = await startProxy(config.url ?? "");
    let cuts = 0;
    proxy.judge = ({ bytes }) => {
      if (!bytes.includes("from pg_namespace") || cuts > 0) return "pass";
      cuts += 1;
      return "cut before";
    };
    const pool = await openDatabase(settingsOf({ url: proxy.url }));
    expect(await migrate(pool, toyMigrations(folder.path, modules))).toEqual({ m: "ok" });
    expect(cuts).toBe(1);
    await pool.close();
  });

  it("again and again ends the run in the end", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    await using proxy = await startProxy(config.url ?? "");
    proxy.judge = (message) => (isCommit(message) ? "cut before" : "pass");
    const pool = await openDatabase(settingsOf({ url: proxy.url }));
    const outcome = await migrate(pool, toyMigrations(folder.path, modules));
    expect(said(outcome.m)).toMatch(/^MIGRATIONS_CONNECTION_LOST: the connection to the database was lost 5 times/);
    await pool.close();
  });
});

describe("being told to stop", () => {
  it("ends the waiting for the lock", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    const pool = await openDatabase(settingsOf(config));
    await using other = await client(config.url);
    await other.query(`select pg_advisory_lock(${lockKey})`);
    const controller = new AbortController();
    const running = migrate(pool, toyMigrations(folder.path, { m: {} }), { signal: controller.signal });
    await expect.poll(() => rowsOf(pool, migrators)).toHaveLength(1);
    controller.abort(new Error("SIGTERM"));
    expect(said((await running).m)).toBe(
      'MIGRATIONS_INTERRUPTED: the migrations were stopped before those of module "m" were done',
    );
    await expect.poll(() => rowsOf(pool, migrators)).toHaveLength(0);
    await pool.close();
  });

  it.each([
    ["SQL", { "0001_a.sql": "create table a (n int); select pg_sleep(600)" }],
    [
      "several in one message",
      { "0001_a.sql": "select 1", "0002_a.sql": "create table a (n int); select pg_sleep(600)" },
    ],
    [
      "code",
      {
        "0001_a.ts":
          "export default async ({ query }) => { await query('create table a (n int)'); await query('select pg_sleep(600)'); }",
      },
    ],
  ])("breaks off a statement of a migration and rolls it back: %s", async (_, migrations) => {
    using folder = temporaryFolder();
    const pool = await databases.shared("postgres");
    const controller = new AbortController();
    const running = migrate(pool, toyMigrations(folder.path, { m: { migrations } }), { signal: controller.signal });
    await expect.poll(() => rowsOf(pool, migrators)).toMatchObject([{ state: "active", wait_event_type: "Timeout" }]);
    controller.abort(platformError("START_INTERRUPTED", { reason: "SIGTERM" }));
    expect(said((await running).m)).toContain("MIGRATIONS_INTERRUPTED");
    expect(await rowsOf(pool, "select from pg_class where relname = 'a'")).toEqual([]);
  });
});

describe("what stands in the way", () => {
  it("reports an index that an interrupted build has left", async () => {
    using folder = temporaryFolder();
    const pool = await databases.shared("postgres");
    const table = { "0001_a.sql": "create table a (n int); insert into a values (1), (1)" };
    const index = (more: string) => ({
      m: {
        migrations: {
          ...table,
          "0002_b.sql": `-- plinth: no-transaction\ncreate unique index concurrently ${more} a_n on a (n)`,
        },
      },
    });
    expect(said((await migrate(pool, toyMigrations(folder.path, index("")))).m)).toContain("SQLSTATE 23505");
    const again = await migrate(pool, toyMigrations(folder.path, index("if not exists")));
    expect(said(again.m)).toBe(
      'MIGRATIONS_INVALID_INDEX: migration 0002_b.sql of module "m" left an index that is not valid: a_n',
    );
  });

  it("refuses a pooler in transaction mode", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    await using pooler = await startTransactionPooler(config.url ?? "");
    const pool = await openDatabase(settingsOf({ url: pooler.url }));
    const outcome = await migrate(pool, toyMigrations(folder.path, { m: {} }));
    expect(said(outcome.m)).toMatch(
      /^DATABASE_POOLER: a connection pooler in transaction mode stands between the platform and PostgreSQL at postgres:\/\/postgres@127/,
    );
    await pool.close();
  });

  it("says which right is missing when the ledger cannot be created", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    await using owner = await client(config.url);
    await owner.query("drop role if exists plinth_guest; create role plinth_guest login");
    const url = new URL(config.url ?? "");
    url.username = "plinth_guest";
    const modules = toyMigrations(folder.path, { m: { migrations: { "0001_a.sql": "create table a (n int)" } } });
    const pool = await openDatabase(settingsOf({ url: url.href }));
    const { m } = await migrate(pool, modules);
    expect(said(m)).toMatch(/^MIGRATIONS_LEDGER: .*permission denied for database .* \(SQLSTATE 42501\)$/);
    expect((m as { fix?: string }).fix).toContain("plinth, and one for each module");
    // What the fix says: somebody who may creates the schemas.
    await owner.query("create schema plinth authorization plinth_guest; create schema m authorization plinth_guest");
    expect(await migrate(pool, modules)).toEqual({ m: "ok" });
    await pool.close();
    await owner.query("drop owned by plinth_guest cascade; drop role plinth_guest");
  });

  it("tells a read-only database", async () => {
    using folder = temporaryFolder();
    const config = await databases.config("postgres");
    await using owner = await client(config.url);
    const { rows } = await owner.query("select current_database() as name");
    await owner.query(`alter database ${rows[0]?.name} set default_transaction_read_only = on`);
    const pool = await openDatabase(settingsOf(config));
    const { m } = await migrate(pool, toyMigrations(folder.path, { m: {} }));
    expect(said(m)).toContain("SQLSTATE 25006");
    expect((m as { fix?: string }).fix).toContain("primary server");
    await pool.close();
  });
});
