import fc from "fast-check";
import { expect, test } from "vitest";
import { isRecord } from "./json-schema.ts";
import { effectiveValues, type Layer, layerOf, nest } from "./layers.ts";
import { settle, shown } from "./platform.fixture.ts";

const { tree } = fc.letrec<{ tree: Record<string, unknown>; value: unknown }>((tie) => ({
  tree: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
  value: fc.oneof({ maxDepth: 3 }, fc.constantFrom<unknown>(0, 1, "x", true, null, [], [1], [{ a: 1 }]), tie("tree")),
}));

const layersOf = (trees: readonly Record<string, unknown>[]): Layer[] =>
  trees.map((values, index) => ({ values, originOf: () => ({ kind: "flag", flag: String(index) }) }));

function leavesOf(value: unknown, path: readonly string[] = []): [path: readonly string[], leaf: unknown][] {
  if (!isRecord(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}

test("each leaf is what the last source with something there says", () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 1, maxLength: 5 }), (trees) => {
      const before = structuredClone(trees);
      const layers = layersOf(trees);
      const effective = effectiveValues(layers);
      for (const [path, leaf] of leavesOf(effective)) {
        const last = trees.findLast((tree) => at(tree, path) !== undefined);
        expect(at(last, path)).toEqual(leaf);
        expect(layerOf(layers, path)?.values).toBe(last);
      }
      // Nothing of the last source is lost, and no source is changed.
      for (const [path, leaf] of leavesOf(trees.at(-1))) if (!isRecord(leaf)) expect(at(effective, path)).toEqual(leaf);
      expect(trees).toEqual(before);
    }),
    { numRuns: 500 },
  );
});

test("sections merge, and lists are replaced", () => {
  const layers = layersOf([{ a: { list: [1, 2], kept: 1 } }, { a: { list: [3] } }, nest(["a", "deep", "er"], true)]);
  expect(effectiveValues(layers)).toEqual({ a: { list: [3], kept: 1, deep: { er: true } } });
});

test("of default, platform.yaml, variable and --set the last one given wins, for each setting on its own", async () => {
  const names = ["one", "two", "three"] as const;
  const given = fc.record(Object.fromEntries(names.map((name) => [name, fc.subarray(["file", "variable", "flag"])])));
  await fc.assert(
    fc.asyncProperty(given, async (given) => {
      const from = (source: string) => names.filter((name) => given[name]?.includes(source));
      const schema = {
        properties: { in: { properties: Object.fromEntries(names.map((name) => [name, { default: "default" }])) } },
      };
      const file = from("file").map((name) => `    ${name}: file\n`);
      const settings = await settle(
        file.length === 0 ? "" : `m:\n  in:\n${file.join("")}`,
        { m: schema },
        {
          env: Object.fromEntries(
            from("variable").map((name) => [`PLATFORM_M__IN__${name.toUpperCase()}`, "variable"]),
          ),
          set: from("flag").map((name) => `m.in.${name}=flag`),
        },
      );
      expect(shown(settings)).toEqual([]);
      const kinds = { default: "default", file: "file", variable: "environment", flag: "flag" } as const;
      for (const name of names) {
        const last = (given[name]?.at(-1) ?? "default") as keyof typeof kinds;
        expect(at(settings.forModule("m"), ["in", name])).toBe(last);
        expect(settings.originOf(`m.in.${name}`).kind).toBe(kinds[last]);
      }
    }),
    { numRuns: 60 },
  );
});
