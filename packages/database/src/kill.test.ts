import { describe, expect, it } from "vitest";
import { type Kind, kinds, migrate, rowsOf, toyMigrations, useDatabases } from "./databases.fixture.ts";
import { type ToyModule, temporaryFolder } from "./host.fixture.ts";
import type { KillPoint } from "./migrating-process.fixture.ts";
import { openDatabase } from "./open-database.ts";
import { resultOf, startMigrating } from "./processes.fixture.ts";
import { type DatabaseConfig, settingsOf } from "./settings.ts";

/*
 * Processes that are killed in the middle of a migration. `PLINTH_CAMPAIGN` sets the number of cases
 * for PostgreSQL; the cases are the same for the same seed.
 */

const seed = 20261122;
const cases: Readonly<Record<Kind, number>> = { postgres: Number(process.env.PLINTH_CAMPAIGN ?? 40), pglite: 6 };

const databases = useDatabases();

/** Each migration leaves one row in `steps`, so that one that ran twice, or half, shows. */
const step = (number: number) => `insert into steps values (${number}); create table t${number} (n int);`;
const modules: Readonly<Record<string, ToyModule>> = {
  first: {
    migrations: {
      "0001_steps.sql": `create table steps (n int); ${step(1)}`,
      "0002_two.sql": step(2),
      "0003_three.sql": `set work_mem to '8MB'; ${step(3)}`,
      "0004_four.ts": `export default async ({ query }) => {
        await query("insert into steps values (4)");
        await query("create table t4 (n int)");
      };`,
      "0005_again.sql": `-- plinth: no-transaction repeatable
        drop index concurrently if exists by_n;
        create index concurrently by_n on steps (n);`,
      "0006_six.sql": step(6),
    },
  },
  second: {
    needs: ["first"],
    migrations: { "0001_steps.sql": `create table steps (n int); ${step(1)}`, "0002_two.sql": step(2) },
  },
};

/** Numbers from 0 to 1 that are the same for the same seed. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The points of one campaign: spread over all messages of a run, at all three moments. */
function killPoints(count: number, messages: number): readonly KillPoint[] {
  const random = randomFrom(seed);
  const moments = ["before", "sent", "answered"] as const;
  return Array.from({ length: count }, (_, index) => ({
    message: 1 + Math.floor(((index + random()) / count) * messages),
    when: moments[index % 3] ?? "sent",
    afterMs: Math.floor(random() * 4),
  }));
}

async function expectAllOnce(config: DatabaseConfig, point: KillPoint): Promise<void> {
  const pool = await openDatabase(settingsOf(config));
  try {
    using folder = temporaryFolder();
    const outcome = await migrate(pool, toyMigrations(folder.path, modules));
    const applied = await rowsOf(pool, "select module, number, status from plinth.migrations order by module, number");
    const steps = await rowsOf(pool, "select n from first.steps union all select n + 100 from second.steps order by n");
    expect({ point, outcome, applied, steps: steps.map(({ n }) => n) }).toEqual({
      point,
      outcome: { first: "ok", second: "ok" },
      applied: [
        ...[1, 2, 3, 4, 5, 6].map((number) => ({ module: "first", number, status: "applied" })),
        ...[1, 2].map((number) => ({ module: "second", number, status: "applied" })),
      ],
      steps: [1, 2, 3, 4, 6, 101, 102],
    });
  } finally {
    await pool.close();
  }
}

describe.each(kinds)("kill -9 while migrating %s", (kind) => {
  it(`leaves a database that the next run brings to its end, each migration once (${cases[kind]} cases, seed ${seed})`, async () => {
    using folder = temporaryFolder();
    toyMigrations(folder.path, modules);
    const clean = startMigrating({ config: await databases.config(kind), root: folder.path });
    const { outcome, messages } = await resultOf(clean);
    expect(outcome).toEqual({ first: "ok", second: "ok" });
    for (const kill of killPoints(cases[kind], messages)) {
      const config = await databases.config(kind);
      const { signal, lines, complaints } = await startMigrating({ config, root: folder.path, kill }).ended;
      expect({ kill, messages, signal, lines, complaints }).toMatchObject({ signal: "SIGKILL", complaints: "" });
      await expectAllOnce(config, kill);
    }
  }, 180_000);
});

describe("kill -9 in a migration without a transaction", () => {
  it("leaves a mark that names the statement, until a person has looked", async () => {
    using folder = temporaryFolder();
    const migrations = {
      "0001_a.sql":
        "-- plinth: no-transaction\ncreate table a (n int);\ninsert into a values (1);\ncreate table b (n int);",
    };
    toyMigrations(folder.path, { m: { migrations } });
    const config = await databases.config("postgres");
    const clean = await resultOf(startMigrating({ config: await databases.config("postgres"), root: folder.path }));
    // From the end: the lock is given back, then the reset, the applied mark, the check of indexes, and statement 3.
    const thirdStatement = clean.messages - 5;
    const kill: KillPoint = { message: thirdStatement, when: "before", afterMs: 0 };
    await startMigrating({ config, root: folder.path, kill }).ended;
    const pool = await openDatabase(settingsOf(config));
    const { m } = await migrate(pool, toyMigrations(folder.path, { m: { migrations } }));
    expect(String(m)).toContain("was interrupted in statement 3: create table b (n int)");
    expect(await rowsOf(pool, "select n from m.a")).toEqual([{ n: 1 }]);
    await pool.close();
  });
});
