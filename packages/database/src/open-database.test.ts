import { createServer } from "node:net";
import { inspect } from "node:util";
import { createFakeClock } from "@plinth/testing/clock";
import { describe, expect, it } from "vitest";
import { rowsOf, said, useDatabases } from "./databases.fixture.ts";
import { maskedUrl, withoutPassword } from "./masked-url.ts";
import { openDatabase } from "./open-database.ts";
import { settingsOf } from "./settings.ts";
import { startRefusingServer } from "./wire.fixture.ts";

const databases = useDatabases();
const opening = (url: string, more = {}) =>
  openDatabase(settingsOf({ url, connectTimeout: "1ms", ...more })).then(
    () => "open",
    (error: unknown) => error,
  );

describe("opening PostgreSQL", () => {
  it("says what was refused, and never the password", async () => {
    await using server = await startRefusingServer("28P01", 'password authentication failed for user "app"');
    const error = await opening(`postgres://app:s3cr%40t@127.0.0.1:${server.port}/main?password=s3cr%40t`);
    expect(said(error)).toBe(
      `DATABASE_REFUSED: PostgreSQL at postgres://app:***@127.0.0.1:${server.port}/main refused the connection: password authentication failed for user "app" (SQLSTATE 28P01)`,
    );
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/s3cr/);
  });

  it.each(["postgres://app:s3cret@:port", "mysql://app:s3cret@host/db", "s3cret"])(
    "does not show an address that is none: %s",
    async (url) => {
      const error = await opening(url);
      expect(said(error)).toBe(
        "DATABASE_URL_INVALID: the setting database.url is not the address of a PostgreSQL database",
      );
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("s3cret");
    },
  );

  it("tries again while the server is not there, for a time", async () => {
    const config = await databases.config("postgres");
    const port = await freePort();
    const target = new URL(config.url ?? "");
    const error = await opening(`postgres://app:s3cret@127.0.0.1:${port}/db`, { connectTimeout: "120ms" });
    expect(said(error)).toBe(
      `DATABASE_UNREACHABLE: PostgreSQL at postgres://app:***@127.0.0.1:${port}/db did not answer within 120 ms: connect ECONNREFUSED 127.0.0.1:${port}`,
    );

    const starting = await startRefusingServer("57P03", "the database system is starting up", Number(target.port));
    const pool = await openDatabase(
      settingsOf({ url: `postgres://postgres@127.0.0.1:${starting.port}${target.pathname}` }),
    );
    expect(await rowsOf(pool, "select 1 as one")).toEqual([{ one: 1 }]);
    await pool.close();
    await starting[Symbol.asyncDispose]();
  });

  it("gives up when it is told to stop", async () => {
    const port = await freePort();
    const controller = new AbortController();
    const clock = createFakeClock();
    const running = openDatabase(settingsOf({ url: `postgres://127.0.0.1:${port}/db` }), {
      clock,
      signal: controller.signal,
    });
    await expect.poll(() => clock.pendingTimers).toBe(1);
    controller.abort(new Error("SIGTERM"));
    await expect(running).rejects.toThrow("SIGTERM");
  });

  it("goes on with new connections after the server has ended the old ones", async () => {
    const pool = await databases.open("postgres");
    const other = await openDatabase(settingsOf({ url: pool.address }));
    await rowsOf(pool, "select 1");
    const end =
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    await rowsOf(other, end);
    await expect.poll(() => rowsOf(pool, "select 1 as one").catch(() => [])).toEqual([{ one: 1 }]);
    await other.close();
  });
});

describe("addresses in messages", () => {
  it.each([
    ["postgres://app:secret@db:5432/main", "postgres://app:***@db:5432/main"],
    ["postgres://app@db/main", "postgres://app@db/main"],
    ["postgres://app:secret@db/main?sslmode=require&password=secret#secret", "postgres://app:***@db/main"],
    ["secret", "***"],
  ])("%s", (url, masked) => {
    expect(maskedUrl(url)).toBe(masked);
  });

  it("take the password out of any text, also as it is written in the address", () => {
    const url = "postgres://app:p%40ss@db/main";
    expect(withoutPassword("no entry with p@ss at app:p%40ss", url)).toBe("no entry with *** at app:***");
    expect(withoutPassword("no password", "postgres://db/main")).toBe("no password");
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { readonly port: number };
      probe.close(() => resolve(port));
    });
  });
}
