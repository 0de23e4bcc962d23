import fc from "fast-check";
import { expect, test } from "vitest";
import { createConfigCompiler } from "./config-validator.ts";
import { copyData } from "./plain-data.ts";
import { platformKeysSchema } from "./platform-keys.ts";
import { checkSimple } from "./simple-schema.ts";

const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    "",
    "x",
    "30s",
    "1h",
    "info",
    "json",
    "on",
    3,
    -1,
    null,
    true,
    [],
    ["a"],
    ["a", 1],
    [""],
    {},
  ),
);
const sometimes = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: leaf });
const keys = fc.record(
  {
    name: leaf,
    modules: leaf,
    stop: sometimes(fc.record({ timeout: leaf, timout: leaf }, { requiredKeys: [] })),
    log: sometimes(fc.record({ level: leaf, format: leaf, x: leaf }, { requiredKeys: [] })),
    isolation: sometimes(fc.record({ process: leaf, inProcess: leaf, x: leaf }, { requiredKeys: [] })),
    restart: sometimes(fc.record({ max: leaf, window: leaf }, { requiredKeys: [] })),
    control: leaf,
    http: leaf,
  },
  { requiredKeys: [] },
);

test("the small check of the platform's keys finds what the full validator finds", async () => {
  const full = (await createConfigCompiler())(platformKeysSchema);
  const told = (issues: readonly { kind: string; path: readonly string[] }[]) =>
    issues.map(({ kind, path }) => `${kind} ${path.join(".")}`).sort();
  fc.assert(
    fc.property(keys, (value) => {
      expect(told(checkSimple(platformKeysSchema, value))).toEqual(
        told(full.check(copyData(value) as Record<string, unknown>)),
      );
    }),
    { numRuns: 1000 },
  );
});
