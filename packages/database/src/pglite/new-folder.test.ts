import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../host.fixture.ts";
import { openDatabase } from "../open-database.ts";
import { settingsOf } from "../settings.ts";
import { newDatabaseFolder } from "./new-folder.ts";

it("two that are made at one time leave one template, and both can be opened", async () => {
  using temporary = temporaryFolder();
  const cache = join(temporary.path, "cache");
  const folders = ["a", "b"].map((name) => join(temporary.path, name));
  await Promise.all(folders.map((folder) => newDatabaseFolder(folder, cache)));
  expect(readdirSync(cache)).toHaveLength(1);
  for (const dataDir of folders) {
    const pool = await openDatabase(settingsOf({ dataDir }));
    const connection = await pool.acquire({ name: "test", schema: undefined });
    expect((await connection.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    connection.release();
    await pool.close();
  }
});
