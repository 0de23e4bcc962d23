import { durationPattern } from "@plinth/module";
import { expect, test } from "vitest";
import { describeExpectation } from "./expectation.ts";
import type { JsonSchema } from "./json-schema.ts";

test.each<[schema: JsonSchema, words: string]>([
  [{ type: "integer" }, "a whole number"],
  [{ type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, "a whole number of at least 1"],
  [{ type: "number", exclusiveMinimum: 0, maximum: 1 }, "a number above 0 and of at most 1"],
  [{ type: "number", minimum: 0, maximum: 1, multipleOf: 0.1 }, "a number from 0 to 1 that 0.1 divides"],
  [{ type: "boolean" }, "true or false"],
  [{ type: "string" }, "a text"],
  [{ type: "string", minLength: 1 }, "a text that is not empty"],
  [{ type: "string", minLength: 2, maxLength: 4 }, "a text of at least 2 and of at most 4 characters"],
  [{ type: "string", format: "email" }, "a text in the format email"],
  [{ type: "string", format: "password", minLength: 8 }, "a text of at least 8 characters"],
  [{ type: "string", format: "duration" }, "a duration such as 500ms, 30s or 2m"],
  [{ type: "string", pattern: durationPattern }, "a duration such as 500ms, 30s or 2m"],
  [{ type: "string", pattern: "^a" }, "a text that matches ^a"],
  [{ enum: ["new", "old", 3, null, ""] }, 'new, old, 3, null or ""'],
  [{ const: "x" }, '"x"'],
  [{ type: "array" }, "a list"],
  [
    { type: "array", items: { type: "integer" }, minItems: 1 },
    "a list of at least 1 items in which each item is a whole number",
  ],
  [{ type: "array", uniqueItems: true }, "a list, none of them twice"],
  [{ type: "object" }, "a section with settings of its own"],
  [{ type: ["string", "null"] }, "a text or null"],
  [{ anyOf: [{ type: "boolean" }, { type: "string" }, { type: "string" }] }, "true or false or a text"],
  [{}, "a value that its schema allows"],
])("%j is told as %j", (schema, words) => {
  expect(describeExpectation(schema)).toBe(words);
});
