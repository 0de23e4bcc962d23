import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newDatabaseFolder } from "@plinth/testing/pglite";
import { describe, expect, it } from "vitest";
import { rowsOf } from "../databases.fixture.ts";
import { temporaryFolder, writeFiles } from "../host.fixture.ts";
import { openDatabase } from "../open-database.ts";
import { run } from "../processes.fixture.ts";
import { settingsOf } from "../settings.ts";

describe("PGlite in a folder", () => {
  it("is made where there is none, or only half of one, relative to the root, and keeps its rows", async () => {
    using temporary = temporaryFolder();
    const settings = settingsOf();
    writeFiles(join(temporary.path, ".data"), { "database/PG_VERSION": "18\n", "database.unfinished": "" });
    for (const expected of [[], [{ n: 1 }]]) {
      const pool = await openDatabase(settings, { root: temporary.path });
      expect(pool.address).toBe(join(temporary.path, ".data/database"));
      await rowsOf(pool, "create table if not exists t (n int)");
      expect(await rowsOf(pool, "select n from t")).toEqual(expected);
      await rowsOf(pool, "insert into t values (1)");
      await pool.close();
      await pool.close();
    }
    expect(readdirSync(join(temporary.path, ".data"))).toEqual(["database"]);
  });

  it("refuses a second process, which is told the first one's number, and lets it in when the first has closed", async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, "database");
    await newDatabaseFolder(folder);
    const pool = await openDatabase(settingsOf({ dataDir: folder }));
    const refused = await run("./pglite-process.fixture.ts", folder, "close").ended;
    expect(refused.lines).toEqual([
      `DATABASE_FOLDER_IN_USE: the database folder ${folder} is in use by process ${process.pid}`,
    ]);
    await pool.close();
    expect((await run("./pglite-process.fixture.ts", folder, "close").ended).lines).toEqual(["open"]);
  });

  it("keeps every row that was acknowledged before a kill -9, and is taken over from the dead", async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, "database");
    await newDatabaseFolder(folder);
    const writer = run("./pglite-process.fixture.ts", folder, "write");
    await writer.printed("200");
    writer.child.kill("SIGKILL");
    const { lines } = await writer.ended;
    expect(existsSync(`${folder}.lock`)).toBe(true);
    const acknowledged = Math.max(...lines.filter((line) => /^\d+$/.test(line)).map(Number));
    const pool = await openDatabase(settingsOf({ dataDir: folder }));
    const [row] = await rowsOf<{ count: number; last: number }>(
      pool,
      "select count(*) as count, max(n) as last from rows",
    );
    expect(row?.last).toBeGreaterThanOrEqual(acknowledged);
    expect(row?.count).toBe(row?.last);
    await pool.close();
  });

  it("says what is wrong with a folder that is no database, and lets it go", async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, "database");
    mkdirSync(folder);
    writeFileSync(join(folder, "PG_VERSION"), "7\n");
    await expect(openDatabase(settingsOf({ dataDir: folder }))).rejects.toMatchObject({
      code: "DATABASE_OPEN_FAILED",
      message: expect.stringContaining(`the database in ${folder} could not be opened: `),
    });
    expect(existsSync(`${folder}.lock`)).toBe(false);
  });
});
