import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coreInput } from "./core-inputs.fixture.ts";
import { coreSchema } from "./core-schema.ts";
import { head, testFolder } from "./folder.fixture.ts";
import { createManifestSchema } from "./manifest-schema.ts";
import { parseOtherwise } from "./other-parser.fixture.ts";
import { recogniseCore } from "./recognise-core.ts";
import { createRanges } from "./semver.ts";
import { isMapping } from "./text.ts";
import { parseYaml, positionOf } from "./yaml-document.ts";
import type { ValuePath } from "./yaml-events.ts";
import { damaged, written } from "./yaml-texts.fixture.ts";

const seed = 20_260;
const folder = testFolder();

/** Runs a law with a published count and seed. */
function law<Sample>(
  text: string,
  numRuns: number,
  samples: fc.Arbitrary<Sample>,
  holds: (sample: Sample) => void,
): void {
  it(`${text} (${numRuns.toLocaleString("en")} cases, seed ${seed})`, () => {
    fc.assert(fc.property(samples, holds), { numRuns, seed });
  });
}

/** The value of a text without flaws. */
function accepted(text: string): { readonly value: unknown } | undefined {
  const parsed = parseYaml(text);
  return "reason" in parsed || parsed.flaws.length > 0 ? undefined : parsed;
}

describe("reading YAML", () => {
  law("gives back what two writers have written", 3000, written, ({ data, text }) => {
    expect(accepted(text)?.value).toEqual(data);
  });

  // Both parsers leave out the empty lines after an escaped line break, which are part of the text.
  const comparable = damaged.filter((text) => !/[\t\r]|\\\n/.test(text));

  law("accepts nothing that another parser refuses or reads in another way", 6000, comparable, (text) => {
    const ours = accepted(text);
    if (ours !== undefined) expect({ value: ours.value }).toEqual(parseOtherwise(text));
  });

  law("finds every key where it stands", 500, written, ({ data, text }) => {
    const parsed = parseYaml(text);
    if ("reason" in parsed) throw new Error(parsed.reason);
    const lines = text.split("\n");
    for (const path of keysIn(data)) {
      const { line, column } = positionOf(parsed, path, "key");
      const found = lines[line - 1]?.slice(column - 1) ?? "";
      const key = String(path.at(-1));
      const plain = (key.split("\n")[0] ?? "").trimEnd().slice(0, 8);
      expect(found.startsWith(plain) || /^['"|>?]/.test(found), `${path} at ${line}:${column} of ${text}`).toBe(true);
    }
  });
});

function keysIn(value: unknown, path: ValuePath = []): ValuePath[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => keysIn(item, [...path, index]));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...keysIn(inner, [...path, key])]);
}

describe("reading manifests", () => {
  law("refuses damaged ones with a place and without throwing", 300, damaged, (text) => {
    expect(folder.complaints(text)).toMatch(
      /^(module\.yaml:\d+:\d+\n {2}MANIFEST_[A-Z_0-9]+: .+\n( {2}also at .+\n)*( {2}fix: .+\n?))+$/,
    );
  });

  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
  );

  law("refuses any bytes without throwing", 300, bytes, (content) => {
    expect(folder.complaints(content)).toMatch(/^module\.yaml:\d+:\d+\n {2}MANIFEST_/);
  });

  law("gives places inside the file", 200, damaged, (text) => {
    for (const [, line, column] of folder.complaints(head + text).matchAll(/module\.yaml:(\d+):(\d+)/g)) {
      const content = (head + text).split("\n")[Number(line) - 1];
      expect(content).toBeDefined();
      expect(Number(column)).toBeLessThanOrEqual((content?.length ?? 0) + 1);
    }
  });
});

describe("recognising a good manifest", () => {
  const ranges = createRanges();
  const core = coreSchema(ranges);
  law("says the same as the schema", 5000, coreInput, (value) => {
    const bySchema = core.safeParse(value);
    expect(recogniseCore(value, ranges)).toBe(bySchema.success);
  });

  it("is what most of these cases do not pass, and some do", () => {
    const samples = fc.sample(coreInput, { numRuns: 2000, seed });
    const good = samples.filter((value) => recogniseCore(value, ranges)).length;
    expect(good).toBeGreaterThan(50);
    expect(good).toBeLessThan(1500);
    expect(createManifestSchema().coreKeys).toEqual(new Set(Object.keys(core.shape)));
  });
});
