import path from "node:path";
import { startTestPlatform } from "@plinth/testing";
import { expect, test } from "vitest";
import { Notes } from "./contract.ts";
import notesModule from "./index.ts";

test("somebody who has written nothing has no notes", async () => {
  const folder = path.resolve(import.meta.dirname, "..");
  await using running = await startTestPlatform({ modules: [{ definition: notesModule, folder }] });
  expect(await running.service(Notes).countBy("ada")).toBe(0);
});
