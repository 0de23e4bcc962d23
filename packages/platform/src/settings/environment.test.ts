import fc from "fast-check";
import { expect, test } from "vitest";
import { keysMeantBy, variableName } from "./environment.ts";
import { rootNode } from "./json-schema.ts";
import { resolveSteps } from "./resolve-steps.ts";

test.each([
  [["http", "port"], "PLATFORM_HTTP__PORT"],
  [["http", "drainDelay"], "PLATFORM_HTTP__DRAIN_DELAY"],
  [["my-module", "page_size"], "PLATFORM_MY_MODULE__PAGE_SIZE"],
  [["http", "maxURLLength"], "PLATFORM_HTTP__MAX_URL_LENGTH"],
  [["s3", "bucket2Name"], "PLATFORM_S3__BUCKET2_NAME"],
])("the variable of %j is %s", (path, variable) => {
  expect(variableName(path)).toBe(variable);
});

const words = fc.array(fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/), { minLength: 1, maxLength: 3 });
const key = fc
  .tuple(words, fc.constantFrom("camel", "kebab", "snake"))
  .map(([words, style]) =>
    style === "camel"
      ? words.map((word, index) => (index === 0 ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`)).join("")
      : words.join(style === "kebab" ? "-" : "_"),
  );
const squeezed = (key: string) => key.replaceAll(/[-_]/g, "").toLowerCase();
const keys = fc.uniqueArray(key, { minLength: 1, maxLength: 5, selector: squeezed });

/** A tree of settings, `depth` sections deep, as a schema. */
const tree = (depth: number): fc.Arbitrary<{ properties: Record<string, object> }> =>
  keys.chain((names) =>
    fc.tuple(...names.map(() => (depth === 0 ? fc.constant({ type: "string" }) : tree(depth - 1)))).map((inner) => ({
      properties: Object.fromEntries(names.map((name, index) => [name, inner[index] as object])),
    })),
  );

test("the variable of every setting leads back to it, in any case, with or without underscores between words", () => {
  fc.assert(
    fc.property(tree(2), fc.infiniteStream(fc.nat()), fc.boolean(), (schema, choices, lower) => {
      const path: string[] = [];
      let level: object | undefined = schema;
      while (level !== undefined && "properties" in level) {
        const names = Object.keys(level.properties as object);
        const name = names[(choices.next().value ?? 0) % names.length] as string;
        path.push(name);
        level = (level.properties as Record<string, object>)[name];
      }
      const variable = variableName(path).slice("PLATFORM_".length);
      for (const spelling of [variable, variable.replaceAll(/(?<!_)_(?!_)/g, "")]) {
        const steps = (lower ? spelling.toLowerCase() : spelling).split("__");
        const start = { node: rootNode({ ...schema, type: "object" }), path: [], values: undefined };
        const found = resolveSteps({ steps, origin: { kind: "environment", variable } }, start);
        expect(found).toMatchObject({ kind: "found", path });
      }
    }),
    { numRuns: 300 },
  );
});

test("the spelling word by word wins over one that only sounds the same", () => {
  expect(keysMeantBy("PAGE_SIZE", ["pagesize", "pageSize"])).toEqual(["pageSize"]);
  expect(keysMeantBy("PAGESIZE", ["pagesize", "pageSize"])).toEqual(["pagesize"]);
  expect(keysMeantBy("PAG_ESIZE", ["pagesize", "pageSize"])).toEqual(["pagesize", "pageSize"]);
  expect(keysMeantBy("PAGE", ["pagesize"])).toEqual([]);
});
