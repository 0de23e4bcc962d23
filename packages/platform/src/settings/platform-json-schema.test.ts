import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { platformJsonSchema } from "./platform-json-schema.ts";

const schema = platformJsonSchema([
  {
    name: "tickets",
    description: "Support tickets.",
    config: {
      properties: { size: { $ref: "#/$defs/size" }, wait: { type: "string", format: "duration" } },
      $defs: { size: { type: "integer", minimum: 1 } },
    },
  },
  { name: "audit", config: undefined },
]);
const accepts = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);

test.each<[accepted: boolean, value: unknown]>([
  [true, {}],
  [true, { name: "desk", modules: ["modules/*"], stop: { timeout: "30s" }, log: { level: "info", format: "auto" } }],
  [true, { tickets: { size: 3, wait: "2m" }, audit: null }],
  [false, { tickets: { size: 0 } }],
  [false, { tickets: { wait: "PT2M" } }],
  [false, { tickets: { sise: 3 } }],
  [false, { audit: { any: 1 } }],
  [false, { ticket: {} }],
  [false, { stop: { timeout: 30 } }],
  [false, { log: { level: "loud" } }],
])("the schema of platform.yaml says %j to %j", (accepted, value) => {
  expect(accepts(value)).toBe(accepted);
});

test("it carries what editors show and leans on no format of ours", () => {
  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    properties: {
      name: { description: expect.any(String) },
      tickets: { description: "Support tickets.", properties: { size: { $ref: "#/properties/tickets/$defs/size" } } },
    },
  });
  expect(JSON.stringify(schema)).not.toContain('"duration"');
});
