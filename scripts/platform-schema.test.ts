import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { platformSchema } from "./platform-schema.ts";

it("platform.schema.json says what a platform.yaml may hold today", async () => {
  const file = path.resolve(import.meta.dirname, "../packages/platform/platform.schema.json");
  expect(readFileSync(file, "utf8"), "run npm run generate").toBe(await platformSchema());
});
