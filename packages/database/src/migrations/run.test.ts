import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlatformErrors } from "@plinth/module";
import { beforeEach, describe, expect, it } from "vitest";
import type { ConnectionPool } from "../connection.ts";
import { kinds, migrate, recordingLog, rowsOf, said, toyMigrations, useDatabases } from "../databases.fixture.ts";
import { temporaryFolder } from "../host.fixture.ts";
import { migrationStatus } from "./status.ts";

const databases = useDatabases();

const ledgerOf = (pool: ConnectionPool) =>
  rowsOf(pool, "select module, number, name, status from plinth.migrations order by module, number");

describe.each(kinds)("migrating %s", (kind) => {
  let pool: ConnectionPool;
  beforeEach(async () => {
    pool = await databases.shared(kind);
  });

  it("applies each module's migrations in its own schema, dependencies first, and notes each in the ledger", async () => {
    using folder = temporaryFolder();
    const modules = toyMigrations(folder.path, {
      identity: { migrations: { "0001_users.sql": "create table users (id int primary key);" } },
      "help-desk": {
        needs: ["identity"],
        migrations: {
          "0001_tickets.sql":
            "create table tickets (by int references identity.users); insert into identity.users values (1)",
          "0002_fill.sql": "insert into tickets values (1) -- without a semicolon",
        },
      },
      audit: {},
    });
    expect(await migrate(pool, modules)).toEqual({ identity: "ok", "help-desk": "ok", audit: "ok" });
    expect(await rowsOf(pool, "select * from help_desk.tickets")).toEqual([{ by: 1 }]);
    expect(await rowsOf(pool, "select nspname from pg_namespace where nspname = 'audit'")).toHaveLength(1);
    expect(await ledgerOf(pool)).toEqual([
      { module: "help-desk", number: 1, name: "0001_tickets.sql", status: "applied" },
      { module: "help-desk", number: 2, name: "0002_fill.sql", status: "applied" },
      { module: "identity", number: 1, name: "0001_users.sql", status: "applied" },
    ]);
  });

  it("applies nothing twice, and what is new", async () => {
    using folder = temporaryFolder();
    const migrations = { "0001_a.sql": "create table a (n int); insert into a values (1)" };
    await migrate(pool, toyMigrations(folder.path, { m: { migrations } }));
    const more = { ...migrations, "0002_b.sql": "insert into a values (2)" };
    const modules = toyMigrations(folder.path, { m: { migrations: more } });
    expect((await migrationStatus(pool, modules)).modules[0]?.pending.map(({ name }) => name)).toEqual(["0002_b.sql"]);
    for (let again = 0; again < 2; again += 1) expect(await migrate(pool, modules)).toEqual({ m: "ok" });
    expect(await rowsOf(pool, "select n from m.a order by n")).toEqual([{ n: 1 }, { n: 2 }]);
    expect((await migrationStatus(pool, modules)).modules[0]).toMatchObject({ pending: [], problems: [] });
  });

  it("runs migrations written in code inside a transaction", async () => {
    using folder = temporaryFolder();
    const migrations = {
      "0001_table.sql": "create table notes (id int primary key, text text);",
      "0002_fill.ts": `
        import type { MigrationContext } from "@plinth/database";
        export default async ({ query, kysely, schema }: MigrationContext) => {
          await query("insert into notes values ($1, $2)", [1, schema]);
          await kysely<{ notes: { id: number; text: string } }>().insertInto("notes").values({ id: 2, text: "two" }).execute();
        };`,
    };
    const modules = toyMigrations(folder.path, { m: { migrations } });
    expect(await migrate(pool, modules)).toEqual({ m: "ok" });
    expect(await rowsOf(pool, "select * from m.notes order by id")).toEqual([
      { id: 1, text: "m" },
      { id: 2, text: "two" },
    ]);
  });

  it.each([
    [
      "throws",
      `await query("insert into a values (1)"); throw new Error("no such user");`,
      /MIGRATIONS_FAILED.*no such user$/,
    ],
    ["ends the transaction", `await query("commit");`, /MIGRATIONS_TRANSACTION_CONTROL.*0002_code.js.*COMMIT/],
    [
      "ends it with the builder",
      `await kysely().transaction().execute(async () => {});`,
      /MIGRATIONS_TRANSACTION_CONTROL.*0002_code.js.*BEGIN/,
    ],
  ])("rolls back code that %s", async (_, code, expected) => {
    using folder = temporaryFolder();
    const migrations = {
      "0001_a.sql": "create table a (n int)",
      "0002_code.js": `export default async ({ query, kysely }) => { ${code} };`,
    };
    const outcome = await migrate(pool, toyMigrations(folder.path, { m: { migrations } }));
    expect(said(outcome.m)).toMatch(expected);
    expect(await rowsOf(pool, "select * from m.a")).toEqual([]);
    expect(await ledgerOf(pool)).toHaveLength(1);
  });

  it("refuses code that has no default export", async () => {
    using folder = temporaryFolder();
    const outcome = await migrate(
      pool,
      toyMigrations(folder.path, { m: { migrations: { "0001_a.js": "export {}" } } }),
    );
    expect(said(outcome.m)).toBe(
      'MIGRATIONS_NO_DEFAULT: migration 0001_a.js of module "m" has no default export that is a function',
    );
  });

  it.each([
    ["a statement that is not understood", "create table b (n int);\n\nselec 1;", "42601", { line: 3, column: 1 }],
    ["a name that is not there", "select 1;\nselect * from nobody;", "42P01", { line: 2, column: 15 }],
    [
      "a row that is refused",
      "create table b (n int primary key);\ninsert into b values (1);\ninsert into b values (1);",
      "23505",
      { line: 3, column: 1 },
    ],
    ["characters outside the plane", "select '👍👍';\nselect nothing;", "42703", { line: 2, column: 8 }],
  ])("rolls back as a whole and names the place of %s", async (_, sql, state, place) => {
    using folder = temporaryFolder();
    const migrations = { "0001_a.sql": "create table a (n int)", "0002_b.sql": `insert into a values (1);${sql}` };
    const modules = toyMigrations(folder.path, { m: { migrations } });
    const { m } = await migrate(pool, modules);
    expect(said(m)).toContain(`MIGRATIONS_FAILED: migration 0002_b.sql of module "m" failed: `);
    expect(said(m)).toContain(`(SQLSTATE ${state})`);
    const column = place.line === 1 ? place.column + 25 : place.column;
    expect((m as { at?: unknown }).at).toEqual([{ file: modules[0]?.files[1]?.path, line: place.line, column }]);
    expect(await rowsOf(pool, "select * from m.a")).toEqual([]);
    expect(await ledgerOf(pool)).toMatchObject([{ number: 1 }]);
  });

  it("tells how to run what cannot run in a transaction", async () => {
    using folder = temporaryFolder();
    const { m } = await migrate(pool, toyMigrations(folder.path, { m: { migrations: { "0001_a.sql": "vacuum" } } }));
    expect(said(m)).toContain("(SQLSTATE 25001)");
    expect((m as { fix?: string }).fix).toBe(
      "Put the statement into a file of its own that begins with -- plinth: no-transaction.",
    );
  });

  it.each([
    ["53100", "Free space on the disk of the database server, then start again."],
    ["25006", "The database is read-only: let database.url name the primary server."],
    ["42501", "Give the user of database.url the right that is missing."],
    ["22012", "Mend the migration and start again; what it had done was rolled back."],
  ])("says what to do about SQLSTATE %s, and rolls back", async (state, fix) => {
    using folder = temporaryFolder();
    const raise = `do $$ begin raise exception 'no' using errcode = '${state}'; end $$`;
    const migrations = { "0001_a.sql": `create table public.half (n int); ${raise}` };
    const { m } = await migrate(pool, toyMigrations(folder.path, { m: { migrations } }));
    expect([said(m), (m as { fix?: string }).fix]).toEqual([
      `MIGRATIONS_FAILED: migration 0001_a.sql of module "m" failed: no (SQLSTATE ${state})`,
      fix,
    ]);
    expect(await rowsOf(pool, "select from pg_class where relname = 'half'")).toEqual([]);
  });

  it("leaves nothing of one migration's settings to the next", async () => {
    using folder = temporaryFolder();
    const migrations = {
      "0001_a.sql": "set search_path to public; set work_mem to '8MB'; create table public.wrong (n int)",
      "0002_b.sql": "create table right_one as select current_setting('work_mem') as memory",
      "0003_c.sql": "select set_config('search_path', '', false)",
      "0004_d.sql": "create table right_two (n int)",
    };
    expect(await migrate(pool, toyMigrations(folder.path, { m: { migrations } }))).toEqual({ m: "ok" });
    expect(await rowsOf(pool, "select relname from pg_class where relnamespace = 'm'::regnamespace")).toEqual([
      { relname: "right_one" },
      { relname: "right_two" },
    ]);
    expect(await rowsOf(pool, "select * from m.right_one")).not.toEqual([{ memory: "8MB" }]);
  });

  it("runs a file without a transaction statement by statement", async () => {
    using folder = temporaryFolder();
    const migrations = {
      "0001_a.sql": "create table a (n int)",
      "0002_b.sql": "-- plinth: no-transaction\nvacuum a;\ncreate index concurrently a_n on a (n);",
    };
    const { log } = recordingLog();
    expect(await migrate(pool, toyMigrations(folder.path, { m: { migrations } }), { log })).toEqual({ m: "ok" });
    expect(await rowsOf(pool, "select indisvalid from pg_index where indexrelid = 'm.a_n'::regclass")).toEqual([
      { indisvalid: true },
    ]);
    expect(await ledgerOf(pool)).toMatchObject([{ status: "applied" }, { status: "applied" }]);
  });

  it("keeps the mark of one that failed half way, and names its statement from then on", async () => {
    using folder = temporaryFolder();
    const migrations = {
      "0001_b.sql":
        "-- plinth: no-transaction\ncreate table a (n int);\ninsert into b values (1);\ncreate table b (n int);",
    };
    const modules = toyMigrations(folder.path, { m: { migrations } });
    const first = await migrate(pool, modules);
    expect(said(first.m)).toContain('relation "b" does not exist (SQLSTATE 42P01)');
    expect((first.m as { at?: unknown }).at).toEqual([{ file: modules[0]?.files[0]?.path, line: 3, column: 1 }]);
    const second = await migrate(pool, modules);
    expect(said(second.m)).toBe(
      'MIGRATIONS_HALF_DONE: migration 0001_b.sql of module "m" was interrupted in statement 2: insert into b values (1)',
    );
    // What the fix says: finish by hand, then mark it.
    await rowsOf(pool, "create table m.b (n int)");
    await rowsOf(pool, "update plinth.migrations set status = 'applied' where module = 'm' and number = 1");
    expect(await migrate(pool, modules)).toEqual({ m: "ok" });
  });

  it("leaves no mark when the only statement of such a file fails", async () => {
    using folder = temporaryFolder();
    const broken = { "0001_b.sql": "-- plinth: no-transaction\ncreate index concurrently i on nowhere (n);" };
    expect(said((await migrate(pool, toyMigrations(folder.path, { m: { migrations: broken } }))).m)).toContain("42P01");
    const mended = { "0001_b.sql": "-- plinth: no-transaction\ncreate table a (n int);" };
    expect(await migrate(pool, toyMigrations(folder.path, { m: { migrations: mended } }))).toEqual({ m: "ok" });
  });

  it("lets a module that is not critical fail alone, with those that depend on it", async () => {
    using folder = temporaryFolder();
    const fine = { "0001_a.sql": "create table a (n int)" };
    const modules = toyMigrations(folder.path, {
      reports: { critical: false, migrations: { "0001_a.sql": "create table a (n int)", "0002_b.sql": "select 1/0" } },
      bridge: { needs: ["reports"], usesDatabase: false },
      charts: { needs: ["bridge"], migrations: fine },
      extras: { wants: ["reports"], migrations: fine },
      tickets: { migrations: fine },
    });
    const outcome = await migrate(pool, modules);
    expect(Object.entries(outcome).map(([name, result]) => [name, result === "ok" ? "ok" : said(result)])).toEqual([
      [
        "reports",
        'MIGRATIONS_FAILED: migration 0002_b.sql of module "reports" failed: division by zero (SQLSTATE 22012)',
      ],
      ["bridge", 'MIGRATIONS_DEPENDENCY: module "bridge" was not migrated, because the migrations of "reports" failed'],
      ["charts", 'MIGRATIONS_DEPENDENCY: module "charts" was not migrated, because the migrations of "bridge" failed'],
      ["extras", "ok"],
      ["tickets", "ok"],
    ]);
  });

  it("ends the run at a critical module that fails", async () => {
    using folder = temporaryFolder();
    const modules = toyMigrations(folder.path, {
      a: { migrations: { "0001_a.sql": "create table a (n int)" } },
      b: { migrations: { "0001_b.sql": "select 1/0" } },
      c: { migrations: { "0001_c.sql": "create table c (n int)" } },
    });
    const { a, b, c } = await migrate(pool, modules);
    expect([a, said(b)]).toEqual(["ok", expect.stringContaining("division by zero")]);
    expect(c).toBe(b);
    expect(await ledgerOf(pool)).toMatchObject([{ module: "a" }]);
  });

  it("changes nothing at all when an applied file of a critical module has changed, and reports every problem", async () => {
    using folder = temporaryFolder();
    const toys = (text: string) => ({
      a: { migrations: { "0001_a.sql": text } },
      b: { migrations: { "0001_b.sql": text } },
    });
    await migrate(pool, toyMigrations(folder.path, toys("select 1")));
    const changed = toyMigrations(folder.path, {
      ...toys("select 2"),
      "0-first": { migrations: { "0001_c.sql": "create table c (n int)" } },
    });
    const outcome = await migrate(pool, [...changed].reverse());
    for (const failure of Object.values(outcome)) {
      expect(failure).toBeInstanceOf(PlatformErrors);
      expect((failure as PlatformErrors).errors.map(({ code }) => code)).toEqual([
        "MIGRATIONS_DRIFT",
        "MIGRATIONS_DRIFT",
      ]);
    }
    expect(await ledgerOf(pool)).toHaveLength(2);
  });

  it("lets a changed file of a module that is not critical fail that module only", async () => {
    using folder = temporaryFolder();
    const toys = (text: string) => ({ a: { critical: false, migrations: { "0001_a.sql": text } }, b: {} });
    await migrate(pool, toyMigrations(folder.path, toys("select 1")));
    const { a, b } = await migrate(pool, toyMigrations(folder.path, toys("select 2")));
    expect([said(a).split(":")[0], b]).toEqual(["MIGRATIONS_DRIFT", "ok"]);
  });

  it("lets a module that is migrated use its tables while others are still migrated", async () => {
    using folder = temporaryFolder();
    const gate = Promise.withResolvers<void>();
    Object.assign(globalThis, { gate: gate.promise });
    const modules = toyMigrations(folder.path, {
      a: { migrations: { "0001_a.sql": "create table a (n int)" } },
      b: {
        migrations: {
          "0001_b.js": "export default async () => {};",
          "0002_b.js": "export default () => globalThis.gate;",
        },
      },
    });
    const onModule = (module: string) => {
      if (module === "a") rowsOf(pool, "select * from a.a").then(() => gate.resolve(), gate.reject);
    };
    expect(await migrate(pool, modules, { onModule })).toEqual({ a: "ok", b: "ok" });
  });

  it("applies files that were checked out with other line endings as the same", async () => {
    using folder = temporaryFolder();
    const modules = toyMigrations(folder.path, {
      m: { migrations: { "0001_a.sql": "create table a (n int);\nselect 1;\n" } },
    });
    await migrate(pool, modules);
    writeFileSync(join(folder.path, "m", "migrations", "0001_a.sql"), "\uFEFFcreate table a (n int);\r\nselect 1;\r\n");
    const again = toyMigrations(folder.path, {
      m: { migrations: { "0001_a.sql": "\uFEFFcreate table a (n int);\r\nselect 1;\r\n" } },
    });
    expect(await migrate(pool, again)).toEqual({ m: "ok" });
  });

  it("reports modules of the ledger that are gone", async () => {
    using folder = temporaryFolder();
    await migrate(pool, toyMigrations(folder.path, { gone: { migrations: { "0001_a.sql": "select 1" } }, here: {} }));
    const status = await migrationStatus(pool, toyMigrations(folder.path, { here: {} }));
    expect(status.unknown).toEqual(["gone"]);
  });

  it("applies two hundred migrations in order", async () => {
    using folder = temporaryFolder();
    const migrations: Record<string, string> = { "0001_t.sql": "create table t (n int primary key)" };
    for (let number = 2; number <= 200; number += 1) {
      const name = `${String(number).padStart(4, "0")}_n.sql`;
      migrations[name] =
        `insert into t select ${number} where ${number} = 2 or exists (select from t where n = ${number - 1})`;
    }
    expect(await migrate(pool, toyMigrations(folder.path, { m: { migrations } }))).toEqual({ m: "ok" });
    expect(await rowsOf(pool, "select count(*) as n from m.t")).toEqual([{ n: 199 }]);
    expect(await rowsOf(pool, "select count(*) as n from plinth.migrations")).toEqual([{ n: 200 }]);
  });
});
