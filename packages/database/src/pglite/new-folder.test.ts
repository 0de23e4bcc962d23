import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { defineModule } from "@plinth/module";
import { createPlatform } from "@plinth/platform";
import { expect, it } from "vitest";
import { databaseCapability } from "../capability.ts";
import { Database } from "../database.ts";
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

it("who makes the capability can open another database than the settings name", async () => {
  using temporary = temporaryFolder();
  const dataDir = join(temporary.path, "other");
  await newDatabaseFolder(dataDir);
  const database = databaseCapability({
    open: (settings, options) => openDatabase({ ...settings, url: undefined, dataDir }, options),
  });
  const asks = defineModule({ name: "asks", version: "1.0.0" }, { requires: { db: Database }, setup() {} });
  const platform = await createPlatform({
    modules: [asks],
    capabilities: [database],
    settings: { http: { port: 0, drainDelay: "0s" }, database: { url: "postgres://nobody@127.0.0.1:1/none" } },
  });
  await platform.start();
  expect(existsSync(`${dataDir}.lock`)).toBe(true);
  expect((await platform.stop()).errors).toEqual([]);
  expect(existsSync(`${dataDir}.lock`)).toBe(false);
});
