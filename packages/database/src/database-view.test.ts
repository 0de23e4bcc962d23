import { createFakeClock } from "@plinth/testing/clock";
import type { Generated } from "kysely";
import { beforeEach, describe, expect, expectTypeOf, it } from "vitest";
import type { ConnectionPool } from "./connection.ts";
import type { Database } from "./database.ts";
import { rowsOf, said, useDatabases } from "./databases.fixture.ts";
import { openDatabase } from "./open-database.ts";
import { settingsOf } from "./settings.ts";
import { viewOf, ways } from "./views.fixture.ts";

const databases = useDatabases();

interface Tables {
  tickets: { id: Generated<number>; title: string };
}

describe.each(ways)("a module's view of $kind from $from", ({ kind, from }) => {
  let pool: ConnectionPool;
  let tickets: Database;
  let audit: Database;

  beforeEach(async () => {
    pool = await databases.shared(kind);
    tickets = viewOf("tickets", pool, { from });
    audit = viewOf("audit", pool, { from });
    for (const schema of ["tickets", "audit"]) {
      await rowsOf(pool, `create schema ${schema}`);
      await rowsOf(
        pool,
        `create table ${schema}.tickets (id int generated always as identity primary key, title text)`,
      );
    }
    await rowsOf(pool, "create table public.shared (n int)");
  });

  it("finds the module's own tables by their bare names, then those of public, and others' by their full names", async () => {
    for (let round = 0; round < 3; round += 1) {
      await tickets.query("insert into tickets (title) values ($1)", [`of tickets ${round}`]);
      await audit.query("insert into tickets (title) values ($1)", ["of audit"]);
    }
    const { rows, rowCount } = await tickets.query<{ title: string }>("select title from tickets order by id");
    expect([rows.map(({ title }) => title), rowCount]).toEqual([["of tickets 0", "of tickets 1", "of tickets 2"], 3]);
    expect((await tickets.query("select from audit.tickets")).rowCount).toBe(3);
    expect((await tickets.query("select * from shared")).rows).toEqual([]);
    expect((await tickets.query("update tickets set title = 'x' where id > $1", [1])).rowCount).toBe(2);
  });

  it("binds the query builder to the module's schema", async () => {
    const db = tickets.kysely<Tables>();
    const inserted = await db.insertInto("tickets").values({ title: "a" }).returningAll().executeTakeFirstOrThrow();
    expectTypeOf(inserted).toEqualTypeOf<{ id: number; title: string }>();
    expect(inserted).toEqual({ id: 1, title: "a" });
    expect(db.selectFrom("tickets").selectAll().compile().sql).toBe('select * from "tickets"."tickets"');
    const { numUpdatedRows } = await db.updateTable("tickets").set({ title: "b" }).executeTakeFirst();
    expect(numUpdatedRows).toBe(1n);
    const { numDeletedRows } = await db.deleteFrom("tickets").where("id", "=", 9).executeTakeFirst();
    expect(numDeletedRows).toBe(0n);
  });

  it("commits a transaction, or rolls it back with the error", async () => {
    const result = await tickets.transaction(async (inside) => {
      await inside.query("insert into tickets (title) values ($1)", ["kept"]);
      const { rows, rowCount } = await inside.query("select title from tickets");
      expect([rows, rowCount]).toEqual([[{ title: "kept" }], 1]);
      expect((await inside.query("update tickets set title = title")).rowCount).toBe(1);
      return "done";
    });
    expect(result).toBe("done");
    const mistake = new Error("mistake");
    const failing = tickets.transaction(async (inside) => {
      await inside.kysely<Tables>().insertInto("tickets").values({ title: "lost" }).execute();
      throw mistake;
    });
    await expect(failing).rejects.toBe(mistake);
    expect((await tickets.query("select title from tickets")).rows).toEqual([{ title: "kept" }]);
  });

  it("does not take a transaction for committed in which a statement had failed", async () => {
    const swallowing = tickets.transaction(async (inside) => {
      await inside.query("insert into tickets (title) values ('lost')");
      await inside.query("select 1/0").catch(() => {});
    });
    await expect(swallowing).rejects.toThrow();
    expect((await tickets.query("select from tickets")).rowCount).toBe(0);
  });

  it("isolates a transaction as it is asked to", async () => {
    const level = await tickets.transaction(
      async ({ query }) =>
        (await query<{ level: string }>("select current_setting('transaction_isolation') as level")).rows,
      { isolation: "serializable" },
    );
    expect(level).toEqual([{ level: "serializable" }]);
  });

  it("leaves nothing of one owner's settings and open transactions to the next", async () => {
    await tickets.query("set search_path to audit");
    await tickets.query("select set_config('work_mem', '12MB', false)");
    await tickets.transaction(async ({ query }) => void (await query("set statement_timeout to 1234")));
    await tickets.query("insert into tickets (title) values ('mine')");
    expect((await audit.query("select from tickets")).rowCount).toBe(0);
    const { rows } = await audit.query(
      "select current_setting('work_mem') as memory, current_setting('statement_timeout') as time",
    );
    expect(rows).not.toEqual([expect.objectContaining({ memory: "12MB" })]);
    expect(rows).not.toEqual([expect.objectContaining({ time: "1234ms" })]);
    await tickets.query("begin");
    const transactionOf = async () => (await audit.query("select pg_current_xact_id()::text as id")).rows[0]?.id;
    expect(await transactionOf()).not.toBe(await transactionOf());
  });

  it("passes on the driver's error with its SQLSTATE", async () => {
    await expect(tickets.query("select $1::text from nobody", ["secret"])).rejects.toMatchObject({ code: "42P01" });
    const error = await tickets.query("select $1::text from nobody", ["secret"]).catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error)).not.toContain("secret");
  });

  it("gives the same JavaScript values from both databases", async () => {
    const { rows } = await tickets.query(`select
      1::int2 as int2, 2::int4 as int4, 3::int8 as int8, 9007199254740993::int8 as large,
      1.5::float8 as float8, 1.10::numeric as numeric, true as bool, 'x'::varchar as varchar, null as nothing,
      date '2026-03-29' as date, timestamptz '2026-03-29 12:00:00+00' as timestamptz, interval '1 day 02:00' as interval,
      '{"a": [1]}'::jsonb as jsonb, '{"b": null}'::json as json, '00000000-0000-0000-0000-000000000001'::uuid as uuid,
      array[1, 2] as ints, array[3::int8, 9007199254740993::int8] as bigs, array['a', null] as texts,
      array[date '2026-01-01'] as dates, count(*) as count`);
    expect(rows).toEqual([
      {
        int2: 1,
        int4: 2,
        int8: 3,
        large: 9007199254740993n,
        float8: 1.5,
        numeric: "1.10",
        bool: true,
        varchar: "x",
        nothing: null,
        date: "2026-03-29",
        timestamptz: new Date("2026-03-29T12:00:00Z"),
        interval: "1 day 02:00:00",
        jsonb: { a: [1] },
        json: { b: null },
        uuid: "00000000-0000-0000-0000-000000000001",
        ints: [1, 2],
        bigs: [3, 9007199254740993n],
        texts: ["a", null],
        dates: ["2026-01-01"],
        count: 1,
      },
    ]);
  });

  it("takes the same JavaScript values as parameters", async () => {
    const { rows } = await tickets.query(
      `select $1::int as a, $2::text as b, $3::timestamptz as c, $4::jsonb as d, $5::int[] as e, $6::bool as f,
       $7::int8 as g, $8::text as h, encode($9::bytea, 'hex') as i, $10::date as j`,
      [1, "two", new Date(0), { three: 3 }, [4, 5], false, 6n, null, new Uint8Array([1, 255]), "2026-01-01"],
    );
    expect(rows).toEqual([
      {
        a: 1,
        b: "two",
        c: new Date(0),
        d: { three: 3 },
        e: [4, 5],
        f: false,
        g: 6,
        h: null,
        i: "01ff",
        j: "2026-01-01",
      },
    ]);
  });
});

describe.each(ways)("values on their way to $kind from $from", ({ kind, from }) => {
  it.each(["UTC", "America/New_York", "Asia/Kolkata"])("are the same in the time zone %s", async (zone) => {
    const before = process.env.TZ;
    process.env.TZ = zone;
    try {
      const pool = await databases.shared(kind);
      const view = viewOf("m", pool, { from, schema: "public" });
      const date = new Date("2026-07-01T02:03:04.567Z");
      const { rows } = await view.query(
        `select $1::timestamp as wall, $1::timestamp::text as text, $2::date::text as day, $3::timestamptz as moment,
         $4::text as missing, $5::text as object, $6::jsonb as scalar`,
        [date, date, date, undefined, { a: 1 }, "5"],
      );
      const local = (options: Intl.DateTimeFormatOptions) =>
        date.toLocaleString("sv-SE", { timeZone: zone, ...options });
      expect(rows).toEqual([
        {
          wall: date,
          text: `${local({})}.567`,
          day: local({ dateStyle: "short" }),
          moment: date,
          missing: null,
          object: '{"a":1}',
          scalar: 5,
        },
      ]);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it("are refused alike: an array for a JSON column must be written as JSON", async () => {
    const pool = await databases.shared(kind);
    const view = viewOf("m", pool, { from, schema: "public" });
    await expect(view.query("select $1::jsonb", [[1, 2]])).rejects.toThrow();
    expect((await view.query("select $1::jsonb as a", [JSON.stringify([1, 2])])).rows).toEqual([{ a: [1, 2] }]);
    expect((await view.query("select 1 as still")).rows).toEqual([{ still: 1 }]);
  });
});

describe.each(ways)("waiting for a connection of $kind from $from", ({ kind, from }) => {
  it("ends after a time and tells who has it", async () => {
    const clock = createFakeClock();
    const config = {
      ...(await databases.config(kind)),
      pool: { size: 1, acquireTimeout: kind === "pglite" ? "10s" : "100ms" },
    };
    const pool = await openDatabase(settingsOf(config), { clock });
    const acquireTimeoutMs = settingsOf(config).pool.acquireTimeoutMs;
    const tickets = viewOf("tickets", pool, { from, clock, connections: 1, acquireTimeoutMs });
    let waited: unknown;
    await tickets.transaction(async () => {
      const forgotten = tickets.query("select 1").catch((error: unknown) => {
        waited = error;
      });
      await expect.poll(() => clock.advance(1000).then(() => waited), { interval: 5 }).toBeDefined();
      await forgotten;
    });
    expect(said(waited)).toMatch(
      /^DATABASE_BUSY: module "tickets" waited 1\d+ ms for a database connection; in use by tickets \(for \d+ s\)$/,
    );
    expect((await tickets.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await pool.close();
    await expect(tickets.query("select 1")).rejects.toMatchObject({ code: "DATABASE_NOT_OPEN" });
  });
});
