import { existsSync } from "node:fs";
import path from "node:path";
import { Database, databaseCapability, newDatabaseFolder, openDatabase } from "@plinth/database";
import { defineModule } from "@plinth/module";
import { expect, test } from "vitest";
import { createPlatform } from "./create-platform.ts";
import { testFolder } from "./folder.fixture.ts";

test("who makes the platform can open another database than the settings name", async () => {
  using folder = testFolder({});
  const dataDir = path.join(folder.root, "other");
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
