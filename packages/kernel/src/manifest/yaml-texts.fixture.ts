import fc from "fast-check";
import { dump } from "js-yaml";
import { stringify } from "yaml";

/** Words that YAML reads in special ways, or that look as if it did. */
const words = [
  ..."name|tickets|version|1.0.0|^1.0.0|a b|a: b|x#y| lead|trail |'q'|\"d\"|multi\nline|- dash|@at||true|null|1.10".split(
    "|",
  ),
  ..."0x1F 1e3 .5 ~ [x] {y} \u00e9 *s &a !t %p > ? : - -- --- ... << k: \\".split(" "),
  "|",
  ": z",
  "? q",
];

const word = fc.constantFrom(...words);
const leaf = fc.oneof(
  { weight: 3, arbitrary: word },
  fc.integer({ min: -100, max: 100 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  fc.boolean(),
  fc.constant(null),
);

/** Keys that a manifest may have. */
const key = word.filter((text) => text !== "<<");

/** Data that a manifest can hold: a mapping of texts, numbers, lists and mappings. */
export const plainData: fc.Arbitrary<Record<string, unknown>> = fc
  .letrec<{ value: unknown; mapping: Record<string, unknown> }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(tie("value"), { maxLength: 3 }),
      tie("mapping"),
    ),
    mapping: fc.dictionary(key, tie("value"), { maxKeys: 5 }).map((mapping) => ({ ...mapping })),
  }))
  .mapping.filter((mapping) => Object.keys(mapping).length > 0);

/** Ways to write data down as YAML, by two writers. */
const writer: fc.Arbitrary<(data: unknown) => string> = fc.oneof(
  fc
    .record({
      flowLevel: fc.constantFrom(-1, 0, 1, 2),
      lineWidth: fc.constantFrom(-1, 20),
      quoteStyle: fc.constantFrom("single", "double"),
      indent: fc.constantFrom(2, 4),
    })
    .map((options) => (data: unknown) => dump(data, { ...options, noRefs: true })),
  fc
    .record({
      lineWidth: fc.constantFrom(0, 20),
      collectionStyle: fc.constantFrom("any", "block"),
      defaultStringType: fc.constantFrom("PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL", "BLOCK_FOLDED"),
    })
    .map((options) => (data: unknown) => stringify(data, { ...options, aliasDuplicateObjects: false })),
);

/** Data and a text that says it. */
export const written = fc.tuple(plainData, writer).map(([data, write]) => ({ data, text: write(data) }));

const snippet = fc.constantFrom(
  ..." \n:-,[]{}'\"#&*!|>?%@`abc01.~\\",
  ..."\n  |: |- |\n- | #|''|\n\n|---\n|...\n|&a |*a|!!str |<<: |\n? ".split("|"),
);
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat({ max: 3 }),
  put: fc.option(snippet),
});

/** YAML with some characters cut out and others put in, which is often YAML no more. */
export const damaged = fc.tuple(written, fc.array(edit, { maxLength: 4 })).map(([{ text }, edits]) =>
  edits.reduce((current, { at, cut, put }) => {
    const place = Math.floor(at * current.length);
    return current.slice(0, place) + (put ?? "") + current.slice(place + cut);
  }, text),
);
