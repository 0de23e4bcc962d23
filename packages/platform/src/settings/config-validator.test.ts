import { expect, test } from "vitest";
import { createConfigCompiler } from "./config-validator.ts";
import type { JsonSchema } from "./json-schema.ts";
import { settle, shown } from "./platform.fixture.ts";

/** The first lines of what is wrong with these settings of a module `m`, without the places. */
async function told(config: JsonSchema, settings: unknown): Promise<string[]> {
  const texts = shown(await settle(`m: ${JSON.stringify(settings)}\n`, { m: config }));
  return texts.map((text) => text.split("\n").find((line) => line.startsWith("  SETTINGS_")) ?? text);
}

test("properties without type are an object's, and unknown keys are refused at every level", async () => {
  const config = {
    properties: {
      tls: { properties: { cert: { type: "string" } } },
      hosts: { type: "array", items: { properties: { name: { type: "string" } } } },
    },
  };
  expect(await told(config, { tls: { key: 1 }, hosts: [{ name: "a" }, { nam: "b" }], more: 1 })).toEqual([
    '  SETTINGS_UNKNOWN: "m.more" is no setting of module "m"',
    '  SETTINGS_UNKNOWN: "m.tls.key" is no setting of module "m"',
    '  SETTINGS_UNKNOWN: "m.hosts.1.nam" is no setting of module "m"',
  ]);
  expect(await told(config, [1])).toEqual([
    '  SETTINGS_INVALID: the setting "m" is [1], but must be a section with settings of its own',
  ]);
  expect(await told(config, { tls: "x" })).toEqual([
    '  SETTINGS_INVALID: the setting "m.tls" is "x", but must be a section with settings of its own',
  ]);
});

test("additionalProperties, and a nested object that names no properties, take any keys", async () => {
  const config = {
    properties: { labels: { type: "object" }, limits: { type: "object", additionalProperties: { type: "integer" } } },
    additionalProperties: true,
  };
  expect(await told(config, { any: 1, labels: { any: 1 }, limits: { any: "x" } })).toEqual([
    '  SETTINGS_INVALID: the setting "m.limits.any" is "x", but must be a whole number',
  ]);
});

test("a module whose config names nothing has no settings", async () => {
  expect(await told({}, { any: 1 })).toEqual(['  SETTINGS_UNKNOWN: "m.any" is no setting of module "m"']);
});

test("combined schemas take what any of their parts names, and no more", async () => {
  const config = {
    allOf: [{ properties: { a: { type: "integer" } } }, { $ref: "#/$defs/b" }],
    $defs: { b: { properties: { b: { type: "string" } } } },
  };
  expect(await told(config, { a: 1, b: "x" })).toEqual([]);
  expect(await told(config, { a: "x", b: "x" })).toEqual([
    '  SETTINGS_INVALID: the setting "m.a" is "x", but must be a whole number',
  ]);
  expect(await told(config, { a: 1, c: 1 })).toEqual(['  SETTINGS_UNKNOWN: "m.c" is no setting of module "m"']);
});

test("a value that fits no alternative gets one problem", async () => {
  const port = {
    anyOf: [
      { type: "integer", minimum: 0 },
      { type: "object", properties: { socket: { type: "string" } } },
    ],
  };
  expect(await told({ properties: { port } }, { port: "x" })).toEqual([
    '  SETTINGS_INVALID: the setting "m.port" is "x", but must be a whole number of at least 0 or a section with settings of its own',
  ]);
  expect(await told({ properties: { port } }, { port: { socket: 1 } })).toEqual([
    '  SETTINGS_INVALID: the setting "m.port.socket" is 1, but must be a text',
  ]);
});

test("a required setting that is missing names its variable and both files", async () => {
  const settings = await settle("m: { db: {} }\n", {
    m: {
      properties: {
        key: { type: "string", minLength: 1 },
        db: { properties: { poolSize: { type: "integer", minimum: 1 } }, required: ["poolSize"] },
      },
      required: ["key"],
    },
    n: { properties: { key: {} }, required: ["key"] },
  });
  expect(shown(settings)).toEqual([
    `platform.yaml:1:1
  SETTINGS_MISSING: the setting "m.key" is missing
  also at modules/m/module.yaml
  fix: Add m.key to platform.yaml or set the variable PLATFORM_M__KEY; it must be a text that is not empty.`,
    `platform.yaml:1:6
  SETTINGS_MISSING: the setting "m.db.poolSize" is missing
  also at modules/m/module.yaml
  fix: Add m.db.poolSize to platform.yaml or set the variable PLATFORM_M__DB__POOL_SIZE; it must be a whole number of at least 1.`,
    `platform.yaml
  SETTINGS_MISSING: the setting "n.key" is missing
  also at modules/n/module.yaml
  fix: Add n.key to platform.yaml or set the variable PLATFORM_N__KEY; it must be a value that its schema allows.`,
  ]);
});

test("defaults reach into sections left out, but not into those in which something would be missing", async () => {
  const section = (required: string[]) => ({ properties: { a: { default: 1 }, b: { type: "string" } }, required });
  const settings = await settle("", {
    m: { properties: { free: section(["a"]), bound: section(["b"]), deep: { properties: { inner: section([]) } } } },
  });
  expect(shown(settings)).toEqual([]);
  expect(settings.forModule("m")).toEqual({ free: { a: 1 }, deep: { inner: { a: 1 } } });
});

test("the format duration is ours, other formats are those of JSON Schema", async () => {
  const config = {
    properties: { wait: { type: "string", format: "duration" }, mail: { type: "string", format: "email" } },
  };
  expect(await told(config, { wait: "2m", mail: "me@example.org" })).toEqual([]);
  expect(await told(config, { wait: "PT2M", mail: "me" })).toEqual([
    '  SETTINGS_INVALID: the setting "m.wait" is "PT2M", but must be a duration such as 500ms, 30s or 2m',
    '  SETTINGS_INVALID: the setting "m.mail" is "me", but must be a text in the format email',
  ]);
});

test.each<[name: string, config: JsonSchema, reason: string]>([
  [
    "a misspelt keyword",
    { properties: { a: { minimun: 1 } } },
    'unknown keyword: "minimun", perhaps meant to be "minimum"',
  ],
  [
    "an unknown type",
    { properties: { a: { type: "text" } } },
    "properties/a/type must be equal to one of the allowed values",
  ],
  ["an unknown format", { properties: { a: { type: "string", format: "color" } } }, 'unknown format "color"'],
  ["a pattern that is none", { properties: { a: { type: "string", pattern: "(" } } }, "Unterminated group"],
  ["a reference to nowhere", { properties: { a: { $ref: "#/$defs/none" } } }, "can't resolve reference #/$defs/none"],
  ["another draft", { $schema: "http://json-schema.org/draft-04/schema#" }, "only draft 2020-12 is known"],
])("%s in a config section is a problem of the manifest", async (_, config, reason) => {
  const settings = await settle(
    "m: { a: 1 }\n",
    { m: config, n: { properties: { a: { type: "integer" } } } },
    { set: ["n.a=x", "m.a=2"] },
  );
  const [first, second] = shown(settings);
  expect(first).toContain(
    'modules/m/module.yaml\n  SETTINGS_SCHEMA: the config section of module "m" is not a JSON Schema that can be used: ',
  );
  expect(first).toContain(reason);
  expect(first).toContain("\n  fix: Correct config in the manifest; it is JSON Schema, draft 2020-12, of an object.");
  expect(second).toContain('"n.a" is "x" (--set n.a)');
});

test("a default that breaks its own schema is a problem of the manifest", async () => {
  expect(shown(await settle("", { m: { properties: { a: { type: "integer", minimum: 1, default: 0 } } } }))).toEqual([
    `modules/m/module.yaml
  SETTINGS_DEFAULT: the default of the setting "m.a" is 0, but must be a whole number of at least 1
  fix: Correct the default in the module's manifest.`,
  ]);
});

test("keywords that begin with x- are left to whoever uses them", async () => {
  expect(await told({ properties: { a: { type: "string", "x-group": { any: "thing" } } } }, { a: "x" })).toEqual([]);
});

test("equal sections are compiled once", async () => {
  const compile = await createConfigCompiler();
  const section = () => ({ $id: "urn:same", properties: { a: { type: "integer" } } });
  expect(compile(section())).toBe(compile(section()));
  expect(compile({ ...section(), properties: {} })).not.toBe(compile(section()));
});

test("a value that fits no alternative of an alternative is refused too", async () => {
  const config = { properties: { port: { anyOf: [{ oneOf: [{ type: "integer" }, { type: "boolean" }] }] } } };
  expect(await told(config, { port: 1 })).toEqual([]);
  expect(await told(config, { port: "x" })).toHaveLength(1);
});

test("a schema that refers to itself about the same value is no schema; one about what is inside is", async () => {
  const endless = { properties: { a: { allOf: [{ $ref: "#/properties/a" }] } } };
  expect(await told(endless, { a: 1 })).toEqual([
    '  SETTINGS_SCHEMA: the config section of module "m" is not a JSON Schema that can be used: it refers to itself without end by "#/properties/a"',
  ]);
  const tree = { properties: { inner: { $ref: "#" } } };
  expect(await told(tree, { inner: { inner: {} } })).toEqual([]);
});
