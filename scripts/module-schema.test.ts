import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { moduleSchema } from "./module-schema.ts";

it("module.schema.json says what manifests may hold today", () => {
  const file = path.resolve(import.meta.dirname, "../packages/module/module.schema.json");
  expect(readFileSync(file, "utf8"), "run npm run generate").toBe(moduleSchema());
});
