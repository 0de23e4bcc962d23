import { describe, expect, test, vi } from "vitest";
import type { ConnectionPool } from "./connection.ts";
import { kinds, rowsOf, useDatabases } from "./databases.fixture.ts";
import { literal } from "./sql-text.ts";

const databases = useDatabases();

/** What one listener was told so far. */
function listenTo(pool: ConnectionPool, channel: string) {
  const told: (string | undefined)[] = [];
  return { told, stop: pool.listen(channel, (payload) => void told.push(payload)) };
}

const notify = (pool: ConnectionPool, channel: string, payload: string) =>
  rowsOf(pool, `select pg_notify(${literal(channel)}, ${literal(payload)})`);

describe.each(kinds)("listening on %s", (kind) => {
  test("tells each listener of its channel, in the order of the commits, until it stops listening", async () => {
    const pool = await databases.open(kind);
    const one = listenTo(pool, "One channel");
    const other = listenTo(pool, "other");
    await vi.waitFor(() => expect([one.told, other.told]).toEqual([[undefined], [undefined]]));
    const late = listenTo(pool, "other");
    await notify(pool, "One channel", "1");
    await notify(pool, "other", "2");
    await notify(pool, "other", "3");
    await vi.waitFor(() => expect(late.told.slice(-2)).toEqual(["2", "3"]));
    expect([one.told, other.told.filter((payload) => payload !== undefined)]).toEqual([
      [undefined, "1"],
      ["2", "3"],
    ]);
    one.stop();
    other.stop();
    await notify(pool, "One channel", "4");
    await notify(pool, "other", "5");
    await vi.waitFor(() => expect(late.told.at(-1)).toBe("5"));
    expect([one.told.at(-1), other.told.at(-1)]).toEqual(["1", "3"]);
    late.stop();
  });

  test("tells nothing of what is rolled back", async () => {
    const pool = await databases.open(kind);
    const { told, stop } = listenTo(pool, "rolled_back");
    await vi.waitFor(() => expect(told).toEqual([undefined]));
    const held = await pool.acquire({ name: "test", schema: undefined });
    await held.script("begin; select pg_notify('rolled_back', 'never'); rollback");
    held.release();
    await notify(pool, "rolled_back", "after");
    await vi.waitFor(() => expect(told).toEqual([undefined, "after"]));
    stop();
  });
});

test("a lost connection is made again, and the listener told that it may have missed something", async () => {
  const pool = await databases.open("postgres");
  const { told, stop } = listenTo(pool, "lost");
  await vi.waitFor(() => expect(told).toEqual([undefined]));
  const listening = "application_name = 'plinth notifications' and datname = current_database()";
  const killed = await rowsOf(pool, `select pg_terminate_backend(pid) from pg_stat_activity where ${listening}`);
  expect(killed).toHaveLength(1);
  await vi.waitFor(() => expect(told).toEqual([undefined, undefined]), { timeout: 10_000 });
  await notify(pool, "lost", "found");
  await vi.waitFor(() => expect(told.at(-1)).toBe("found"));
  stop();
});
