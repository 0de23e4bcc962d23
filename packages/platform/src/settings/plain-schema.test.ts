import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isPlainSchema } from "./plain-schema.ts";

const ajv = new Ajv2020({ strict: false, logger: false });
formats.default(ajv);

/** Whether the schema of all schemas allows it. */
const isSchema = (schema: unknown): boolean => ajv.validateSchema(schema as object) === true;

const keyword = fc.constantFrom(
  ...["type", "properties", "required", "additionalProperties", "unevaluatedProperties", "propertyNames", "items"],
  ...["anyOf", "oneOf", "allOf", "enum", "const", "default", "examples", "title", "description", "format", "pattern"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems"],
  ...["uniqueItems", "deprecated", "readOnly", "writeOnly", "x-own", "$ref", "patternProperties", "not"],
);
const value = fc.letrec((tie) => ({
  schema: fc.dictionary(keyword, tie("value"), { maxKeys: 4 }),
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("string", "integer", "object", "", "[", "^a$", "duration"),
    fc.constantFrom(0, 1, -1, 1.5, 20),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.constantFrom("string", "null", "a", "a", 1), { maxLength: 3 }),
    fc.array(tie("schema"), { maxLength: 3 }),
    tie("schema"),
  ),
}));

test("what is taken for plain is a schema: 20,000 generated ones", () => {
  let plain = 0;
  fc.assert(
    fc.property(value.schema, (schema) => {
      if (!isPlainSchema(schema)) return;
      plain += 1;
      expect(isSchema(schema), JSON.stringify(schema)).toBe(true);
    }),
    { numRuns: 20_000, seed: 2026 },
  );
  expect(plain).toBeGreaterThan(2_000);
});

test("what modules write most is plain, and what is wrong or rare is not", () => {
  expect(
    isPlainSchema({
      required: ["queue"],
      properties: {
        queue: { type: "string", description: "Where new tickets go." },
        pageSize: { type: "integer", minimum: 1, default: 20 },
        labels: { type: "array", items: { type: "string", pattern: "^[a-z]+$" }, uniqueItems: true },
        mode: { anyOf: [{ enum: ["a", "b"] }, { type: ["null"] }] },
      },
    }),
  ).toBe(true);
  for (const schema of [
    { type: "strin" },
    { minimum: "1" },
    { required: ["a", "a"] },
    { properties: { a: { maxLength: -1 } } },
    { pattern: "[" },
    { minimun: 1 },
    { $ref: "#/$defs/a" },
    { anyOf: [] },
  ]) {
    expect(isPlainSchema(schema), JSON.stringify(schema)).toBe(false);
  }
});
