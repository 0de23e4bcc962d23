import { spawnSync } from "node:child_process";
import { readSettings, resolveSettings } from "@plinth/platform";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testFolder } from "../folder.fixture.ts";
import { configSchemas, randomNumbers, valueFor } from "./config-schemas.fixture.ts";
import { literal } from "./literal.ts";
import { settingsSource } from "./module-source.ts";

/** The type of settings, without what stands around it. */
function typeOf(config: Readonly<Record<string, unknown>>): string {
  return settingsSource(config)
    .replace(/^\/\*\*[\s\S]*?\*\/\n/, "")
    .trimEnd();
}

describe("the type of settings", () => {
  it("has what is required or filled in, and what may be left out", () => {
    expect(
      typeOf({
        required: ["url"],
        properties: {
          url: { type: "string", description: "Where to." },
          pageSize: { type: "integer", default: 20, description: "How many" },
          "api-key": { type: ["string", "null"], writeOnly: true, default: "secret" },
          level: { enum: ["info", "warn", 3, null] },
          retry: { properties: { times: { type: "number", default: 3 }, wait: { type: "string", deprecated: true } } },
          proxy: {
            type: "object",
            required: ["host"],
            properties: { host: { type: "string" }, port: { type: "integer" } },
          },
        },
      }),
    ).toBe(`export interface Settings {
  /** Where to. */
  readonly url: string;
  /** How many. Default: 20. */
  readonly pageSize: number;
  readonly "api-key": string | null;
  readonly level?: "info" | "warn" | 3 | null;
  readonly retry: {
    /** Default: 3. */
    readonly times: number;
    /** @deprecated */
    readonly wait?: string;
  };
  readonly proxy?: { readonly host: string; readonly port?: number };
}`);
  });

  it("knows lists, maps, alternatives and references", () => {
    expect(
      typeOf({
        $defs: { size: { enum: ["s", "m"] }, host: { properties: { name: { type: "string" } }, required: ["name"] } },
        properties: {
          tags: { type: "array", items: { type: "string" }, default: [] },
          limits: { type: "object", additionalProperties: { type: "integer" } },
          sizes: { type: "array", items: { $ref: "#/$defs/size" } },
          target: {
            anyOf: [{ type: "string" }, { type: "object", required: ["id"], properties: { id: { type: "integer" } } }],
          },
          both: { type: "object", allOf: [{ properties: { a: { type: "string" } } }, { required: ["a", "b"] }] },
          any: {},
          nullable: { type: "string", nullable: true },
        },
      }),
    ).toBe(
      `export interface Settings {
  /** Default: []. */
  readonly tags: readonly string[];
  readonly limits?: { readonly [key: string]: number };
  readonly sizes?: readonly ("s" | "m")[];
  readonly target?: string | { readonly id: number };
  readonly both?: { readonly a: string; readonly b: unknown };
  readonly any?: unknown;
  readonly nullable?: string | null;
}`.replace("  /** Default: []. */\n", ""),
    );
  });

  it("is unknown where it cannot say what the schema allows, and tells why", () => {
    expect(
      typeOf({
        $defs: { node: { type: "object", properties: { inner: { $ref: "#/$defs/node" } } } },
        properties: {
          tree: { $ref: "#/$defs/node" },
          elsewhere: { $ref: "https://example.com/schema.json" },
          open: { allOf: [{ properties: { a: { type: "string" } } }] },
          mixed: { type: "object", properties: { a: { type: "string" } }, additionalProperties: { type: "integer" } },
          list: { enum: [[1], "none"] },
        },
      }),
    ).toBe(`export interface Settings {
  readonly tree?: {
    /** The schema refers to itself; what is further inside is unknown. */
    readonly inner?: unknown;
  };
  /** The schema refers to something outside of it. */
  readonly elsewhere?: unknown;
  /** The schema leaves open whether this is an object. */
  readonly open?: unknown;
  /** Keys that the schema does not name are typed as unknown. */
  readonly mixed?: { readonly a?: string; readonly [key: string]: unknown };
  readonly list?: unknown;
}`);
  });

  it("is empty for a module without settings, and a map for one that takes any", () => {
    expect(typeOf({})).toBe("export type Settings = Readonly<Record<never, never>>;");
    expect(typeOf({ additionalProperties: { type: "string" } })).toBe(
      "export type Settings = { readonly [key: string]: string };",
    );
  });

  it("stays small for references that double at each step", () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 30 }, (_, step) => {
        const next = { $ref: `#/$defs/d${step + 1}` };
        return [`d${step}`, { type: "object", properties: { a: next, b: next } }];
      }),
    );
    const text = typeOf({ $defs, properties: { all: { $ref: "#/$defs/d0" } } });
    expect(text.length).toBeLessThan(300_000);
    expect(text).toContain("The schema is too large to be typed in full.");
  });

  const [count, seed] = [1500, 3];
  it(`is never narrower than the schema: ${count} schemas (seed ${seed}), with what the platform makes of settings`, async () => {
    const samples = fc.sample(configSchemas, { numRuns: count, seed });
    const random = randomNumbers(seed);
    const attempts = samples.flatMap((config, index) =>
      Array.from({ length: 4 }, () => ({ index, config, value: valueFor(config, config, random) })),
    );
    const values = Object.fromEntries(attempts.map(({ value }, at) => [`m${at}`, value]));
    const modules = attempts.map(({ config }, at) => ({ name: `m${at}`, config, file: undefined }));
    const settings = await resolveSettings(readSettings({ values }), modules);
    const accepted = Map.groupBy(
      attempts.flatMap(({ index }, at) =>
        settings.modules.get(`m${at}`)?.problems.length === 0 ? [{ index, value: settings.forModule(`m${at}`) }] : [],
      ),
      ({ index }) => index,
    );
    const sources = [...accepted].map(([index, found]) => {
      const config = samples[index] ?? {};
      const checks = found.map(({ value }, at) => {
        return `const v${at} = ${literal(value, 0, 0)} as const;\nexport const c${at}: Settings = v${at};\n`;
      });
      return `// ${JSON.stringify(config)}\n${settingsSource(config)}${checks.join("")}`;
    });
    expect(sources.length).toBeGreaterThan(count / 2);

    const folder = testFolder();
    for (const [index, source] of sources.entries()) folder.write(`sources/${index}.ts`, source);
    const compilerOptions = { composite: false, incremental: false, noEmit: true };
    folder.write(
      "tsconfig.json",
      JSON.stringify({ extends: "../../../../tsconfig.base.json", compilerOptions, include: ["sources"] }),
    );
    const { stdout } = spawnSync("tsc", ["-p", folder.path], { encoding: "utf8" });
    expect(stdout.slice(0, 4000)).toBe("");
  });
});
