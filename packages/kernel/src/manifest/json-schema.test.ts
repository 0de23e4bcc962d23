import type { ManifestInput } from "@plinth/module";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { checkManifest } from "./check-manifest.ts";
import { coreInput } from "./core-inputs.fixture.ts";
import { type CoreInput, coreKeyNames, coreSchema } from "./core-schema.ts";
import { keysAt } from "./json-schema.ts";
import { createManifestSchema, manifestJsonSchema } from "./manifest-schema.ts";
import { sections } from "./sections.fixture.ts";
import { createRanges } from "./semver.ts";

const schema = createManifestSchema(sections);
const validate = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(manifestJsonSchema(schema));

it("knows the kernel's keys without making their schema", () => {
  expect(coreKeyNames).toEqual(Object.keys(coreSchema(createRanges()).shape));
});

const good = {
  name: "tickets",
  version: "1.4.0",
  dependencies: { identity: "^1.0.0", knowledge: { version: "^2.1.0", optional: true } },
  permissions: { "ticket.read": "See tickets", "ticket.close": { description: "Close", since: "1.2.0" } },
  migrations: "./migrations",
  menu: { title: "a", entries: [{ title: "b", entries: [{ title: "c" }] }] },
  timeouts: { start: "30s" },
};

describe("the JSON Schema of manifests", () => {
  it("is draft 2020-12 and has a help text for every core key and for inner ones", () => {
    const json = manifestJsonSchema(schema) as {
      $schema: string;
      properties: Record<string, { description?: string }>;
    };
    expect(json.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    for (const key of schema.coreKeys) expect(json.properties[key]?.description, key).toMatch(/^[A-Z].+[.]$/);
    expect(JSON.stringify(json)).toContain("The module may be absent.");
  });

  it("has examples that are in order", () => {
    const { properties } = manifestJsonSchema(schema) as { properties: Record<string, { examples?: unknown[] }> };
    const examples = Object.entries(properties).flatMap(([key, { examples = [] }]) =>
      examples.map((one) => [key, one] as const),
    );
    expect(examples.length).toBeGreaterThan(6);
    for (const [key, example] of examples) {
      expect(checkManifest({ ...good, [key]: example } as ManifestInput, schema).problems, key).toEqual([]);
    }
  });

  it("accepts a good manifest, sections included", () => {
    expect(validate(good), JSON.stringify(validate.errors)).toBe(true);
    expect(checkManifest(good, schema).problems).toEqual([]);
  });

  it.each([
    ["an unknown key", { author: "me" }],
    ["a wrong name", { name: "Tickets" }],
    ["a wrong version", { version: "1.0" }],
    ["a dependency without a version", { dependencies: { identity: { optional: true } } }],
    ["a dependency with a wrong name", { dependencies: { Identity: "^1" } }],
    ["a wrong duration", { timeouts: { start: "soon" } }],
    ["a section's wrong value", { migrations: 7 }],
    ["a wrong value behind a reference", { menu: { title: "a", entries: [{ title: "b", entries: [{ name: "c" }] }] } }],
  ])("refuses %s", (_what, change) => {
    expect(validate({ ...good, ...change })).toBe(false);
  });

  it("accepts whatever the reader accepts (3,000 cases, seed 20260)", () => {
    const law = fc.property(coreInput, (input) => {
      if (checkManifest(input, schema).manifest !== undefined) {
        const written = JSON.parse(JSON.stringify(input)) as unknown;
        expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
      }
    });
    fc.assert(law, { numRuns: 3000, seed: 20_260 });
  });

  it("makes references of a section work inside the whole, without touching others", () => {
    const foreign = createManifestSchema([
      {
        key: "config",
        schema: {
          "~standard": {
            version: 1,
            vendor: "test",
            validate: (value) => ({ value }),
            jsonSchema: {
              input: () => ({
                $schema: "https://json-schema.org/draft/2020-12/schema",
                $ref: "https://json-schema.org/draft/2020-12/schema",
                properties: { self: { $ref: "#" }, one: { $ref: "#/$defs/one" } },
                $defs: { one: { anyOf: [{ $ref: "#/$defs/one" }, { type: "null" }] } },
              }),
            },
          },
        },
      },
    ]);
    expect(manifestJsonSchema(foreign)).toMatchObject({
      properties: {
        config: {
          $ref: "https://json-schema.org/draft/2020-12/schema",
          properties: { self: { $ref: "#/properties/config" }, one: { $ref: "#/$defs/config.one" } },
        },
      },
      $defs: { "config.one": { anyOf: [{ $ref: "#/$defs/config.one" }, { type: "null" }] } },
    });
  });

  it("knows the keys of a place, through references and alternatives", () => {
    const json = manifestJsonSchema(schema);
    expect(keysAt(json, ["timeouts"])).toEqual(["start", "stop"]);
    expect(keysAt(json, ["dependencies", "identity"])).toEqual(["version", "optional"]);
    expect(keysAt(json, ["permissions", "ticket.read"])).toEqual(["description", "since"]);
    expect(keysAt(json, ["menu", "entries", 3, "entries", 0])).toEqual(["title", "kind", "entries"]);
    expect(keysAt(json, ["name", "first"])).toEqual([]);
  });

  it("is of one mind with the types of @plinth/module", () => {
    expectTypeOf<CoreInput["name"]>().toEqualTypeOf<ManifestInput["name"]>();
    expectTypeOf<CoreInput["version"]>().toEqualTypeOf<ManifestInput["version"]>();
    expectTypeOf<keyof CoreInput>().toEqualTypeOf<
      "name" | "version" | "description" | "platform" | "dependencies" | "main" | "critical" | "timeouts"
    >();
    expectTypeOf<NonNullable<ManifestInput["dependencies"]>[string]>().toExtend<
      NonNullable<CoreInput["dependencies"]>[string]
    >();
    expectTypeOf<NonNullable<ManifestInput["timeouts"]>>().toExtend<NonNullable<CoreInput["timeouts"]>>();
  });
});
