import { systemClock } from "@plinth/module";
import { type LinkPair, linkPair } from "@plinth/testing/link";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConnectionPool } from "../connection.ts";
import type { Database } from "../database.ts";
import { databaseView } from "../database-view.ts";
import { kinds, rowsOf, useDatabases } from "../databases.fixture.ts";
import connectDatabase from "./connect-database.ts";
import { RemoteConnections } from "./remote-connections.ts";
import { serveDatabase } from "./serve-database.ts";

const databases = useDatabases();

describe.each(kinds)("%s used from another process", (kind) => {
  let pool: ConnectionPool;
  let pair: LinkPair;
  let tickets: Database;
  let held = 0;
  const owner = { name: "tickets", schema: "tickets" };

  beforeEach(async () => {
    pool = await databases.shared(kind);
    await rowsOf(pool, "create schema tickets");
    await rowsOf(pool, "create table tickets.tickets (id int primary key, title text)");
    pair = linkPair("tickets");
    held = 0;
    serveDatabase(
      databaseView(owner, () => pool),
      pair.host,
      {
        kind,
        connections: kind === "pglite" ? 1 : 10,
        acquireTimeoutMs: 10_000,
        async acquire() {
          const connection = await pool.acquire(owner);
          held++;
          return {
            ...connection,
            release() {
              held--;
              connection.release();
            },
            discard() {
              held--;
              connection.discard();
            },
          };
        },
      },
    );
    tickets = await connectDatabase(pair.child);
  });
  afterEach(() => pair.end());

  it("says what the driver says of an error", async () => {
    await tickets.query("insert into tickets values (1, 'a')");
    const error = await tickets.query("insert into tickets values (1, 'b')").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "23505",
      detail: "Key (id)=(1) already exists.",
      constraint: "tickets_pkey",
      table: "tickets",
      schema: "tickets",
      severity: "ERROR",
    });
    expect((error as Error).message).toContain("duplicate key value");
  });

  it("gives bytes and takes objects as its driver does", async () => {
    const url = new URL("http://example.test/a");
    const { rows } = await tickets.query<{ bytes: Uint8Array; many: Uint8Array[]; object: string; texts: string[] }>(
      "select $1::bytea as bytes, array[$1::bytea] as many, $2::jsonb as object, $3::text[] as texts",
      [Buffer.from([0, 1, 255]), url, ["a", null, '{b,"c"}']],
    );
    const [row] = rows;
    expect(Buffer.isBuffer(row?.bytes)).toBe(kind === "postgres");
    expect([...(row?.bytes ?? []), ...(row?.many[0] ?? [])]).toEqual([0, 1, 255, 0, 1, 255]);
    expect([row?.object, row?.texts]).toEqual(["http://example.test/a", ["a", null, '{b,"c"}']]);
  });

  it("gives back what it was lent, and rolls back, when the process is gone", async () => {
    let isInside: () => void = () => {};
    const inside = new Promise<void>((resolve) => {
      isInside = resolve;
    });
    const transaction = tickets.transaction(async ({ query }) => {
      await query("insert into tickets values (1, 'lost')");
      isInside();
      await new Promise(() => {});
    });
    void transaction;
    await inside;
    expect(held).toBe(1);
    pair.end();
    await expect.poll(() => held).toBe(0);
    expect(await rowsOf(pool, "select * from tickets.tickets")).toEqual([]);
  });

  it("gives back a connection that it got only after the process was gone", async () => {
    const other = kind === "pglite" ? await pool.acquire({ name: "test", schema: undefined }) : undefined;
    const asked = tickets.query("select 1 as one").catch((error: unknown) => error);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    pair.end();
    expect(await asked).toBeInstanceOf(Error);
    other?.release();
    await expect.poll(async () => (await rowsOf(pool, "select 2 as two"))[0]).toEqual({ two: 2 });
    await expect.poll(() => held).toBe(0);
  });

  it("asks for no more connections than there are, however many wait", async () => {
    let most = 0;
    const works = Array.from({ length: 200 }, (_, id) =>
      tickets.transaction(async ({ query }) => {
        await query("insert into tickets values ($1, 'a')", [id]);
        most = Math.max(most, held);
        await query("update tickets set title = 'b' where id = $1", [id]);
      }),
    );
    await Promise.all(works);
    expect((await tickets.query("select from tickets where title = 'b'")).rowCount).toBe(200);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(kind === "pglite" ? 1 : 10);
    await expect.poll(() => held).toBe(0);
  });

  it("is told of notifications until it stops listening, and once for each listener", async () => {
    const told: (string | undefined)[] = [];
    const twice: (string | undefined)[] = [];
    const stop = tickets.listen("news", (payload) => void told.push(payload));
    await expect.poll(() => told).toEqual([undefined]);
    const stopTwice = tickets.listen("news", (payload) => void twice.push(payload));
    await tickets.query("select pg_notify('news', 'one')");
    await expect.poll(() => [told, twice]).toEqual([[undefined, "one"], ["one"]]);
    stop();
    await tickets.query("select pg_notify('news', 'two')");
    await expect.poll(() => twice).toEqual(["one", "two"]);
    expect(told).toEqual([undefined, "one"]);
    stopTwice();
    await expect(tickets.migrated()).resolves.toBeUndefined();
  });
});

it("a statement that runs when the process is gone holds nobody up on PostgreSQL", async () => {
  const pool = await databases.open("postgres");
  const pair = linkPair("tickets");
  const lender = { kind: "postgres", connections: 10, acquireTimeoutMs: 10_000 } as const;
  const owner = { name: "tickets", schema: "public" };
  serveDatabase(
    databaseView(owner, () => pool),
    pair.host,
    { ...lender, acquire: () => pool.acquire(owner) },
  );
  const remote = new RemoteConnections(pair.child, { ...lender, schema: "public" }, systemClock);
  const tickets = databaseView(owner, () => remote);
  const asked = tickets.query("select pg_sleep(20)").catch((error: unknown) => error);
  const running = () =>
    rowsOf(pool, "select 1 from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'");
  await expect.poll(running).toHaveLength(1);
  pair.end();
  expect(await asked).toBeInstanceOf(Error);
  await pool.close();
});
