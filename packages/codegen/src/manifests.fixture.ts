import type { Manifest } from "@plinth/module";
import type { PermissionDeclaration } from "@plinth/permissions";
import fc from "fast-check";

const evil = [
  "*/",
  "/*",
  "*\\/",
  "*/ export const evil = 1; /*",
  "`",
  "${",
  "$" + "{process.exit(1)}",
  "\\",
  "\\`",
  "\\u002a/",
  '"',
  "'",
  '\\"',
  "\n",
  "\r",
  "\r\n",
  "\u2028",
  "\u2029",
  "\u0085",
  "\0",
  "\x1b[31m",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\ud800",
  "\udc00",
  "\u{1f4a9}",
  "\u3164",
  "ü",
  "漢",
  "-->",
  "<!--",
  "</script>",
  "//",
  "// @ts-nocheck",
  "@ts-ignore",
  "@deprecated",
  " @deprecated ",
  "@type {never}",
  "{@link x}",
  "{",
  "}",
  ";",
  "export default 1;",
  "__proto__",
  "constructor",
  "#!",
  "*",
  " as const",
];

/** Text that tries to be more than text. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...evil), fc.constantFrom(...evil), fc.string({ unit: "binary", maxLength: 6 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(""));

const longText = fc.tuple(hostileText, fc.integer({ min: 200, max: 900 })).map(([text, length]) => {
  return `${text}x`.repeat(Math.ceil(length / (text.length + 1))).slice(0, length);
});

/** What people write. */
export const plainText = fc
  .array(fc.constantFrom("See", "the", "tickets", "of", "all", "customers", "one's", "own", '"quoted"', "ü"), {
    minLength: 2,
    maxLength: 24,
  })
  .map((words) => words.join(" "));

export const anyText = fc.oneof(
  { weight: 6, arbitrary: hostileText },
  { weight: 1, arbitrary: longText },
  { weight: 3, arbitrary: plainText },
);

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,6})?$/);
const localCode = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("."));
const version = fc
  .tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 }), fc.nat({ max: 20 }))
  .map((numbers) => numbers.join("."));

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

function declarationOf(text: fc.Arbitrary<string>): fc.Arbitrary<PermissionDeclaration> {
  return fc
    .record({
      description: optional(text),
      group: optional(text),
      since: optional(version),
      replacedBy: optional(fc.oneof(localCode, text)),
      retired: optional(fc.oneof(fc.boolean(), version)),
    })
    .map((declaration) => withoutUndefined(declaration) as PermissionDeclaration);
}

/** Plain data as a manifest can hold it, without the keys that are refused. */
export function dataOf(text: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const key = text.filter((name) => !["__proto__", "constructor", "prototype"].includes(name));
  const scalar = fc.oneof(
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value)),
    fc.boolean(),
    fc.constant(null),
  );
  return fc.letrec((tie) => ({
    data: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      scalar,
      fc.array(tie("data"), { maxLength: 4 }),
      fc.dictionary(key, tie("data"), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).data;
}

/** JSON Schemas whose texts and keys are `text`, most of them with more in it than types can say. */
export function schemaOf(text: fc.Arbitrary<string>): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const key = text.filter((name) => !["__proto__", "constructor", "prototype"].includes(name));
  const note = fc.record({ description: optional(text), deprecated: optional(fc.boolean()) });
  return fc.letrec<{ object: Readonly<Record<string, unknown>>; any: Readonly<Record<string, unknown>> }>((tie) => ({
    any: fc
      .tuple(
        note,
        fc.oneof(
          { maxDepth: 3 },
          fc.constantFrom("string", "integer", "number", "boolean", "null").map((type) => ({ type })),
          fc
            .array(fc.oneof(text, fc.integer(), fc.boolean()), { minLength: 1, maxLength: 4 })
            .map((each) => ({ enum: each })),
          fc.oneof(text, fc.integer()).map((value) => ({ const: value })),
          fc.tuple(text).map(([value]) => ({ type: "string", default: value })),
          fc.constant({ $ref: "#" }),
          text.map((reference) => ({ $ref: reference })),
          tie("any").map((items) => ({ type: "array", items })),
          fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
          fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map((allOf) => ({ allOf })),
          tie("any").map((additionalProperties) => ({ type: "object", additionalProperties })),
          tie("object"),
        ),
      )
      .map(([said, schema]) => withoutUndefined({ ...said, ...schema })),
    object: fc
      .record({
        properties: fc.dictionary(key, tie("any"), { maxKeys: 5, noNullPrototype: true }),
        required: optional(fc.array(key, { maxLength: 2 })),
        additionalProperties: optional(fc.boolean()),
      })
      .map(withoutUndefined),
  })).object;
}

/** Checked manifests whose texts are `text`; their names and codes follow the rules, as unruly ones are refused. */
export function manifestOf(text: fc.Arbitrary<string>): fc.Arbitrary<Manifest> {
  const permissions = fc.dictionary(localCode, declarationOf(text), { maxKeys: 6, noNullPrototype: true });
  const sections = fc.record({
    permissions: optional(permissions),
    config: optional(schemaOf(text)),
    extra: optional(dataOf(text)),
  });
  return fc.record({
    name: word,
    version,
    description: optional(text),
    platform: optional(fc.constantFrom("^1.0.0", ">=1 <3", "1.x || 2.x")),
    dependencies: fc.uniqueArray(
      fc.record({ name: word, range: fc.constantFrom("^1.0.0", "~2.3"), optional: fc.boolean() }),
      { maxLength: 4, selector: ({ name }) => name },
    ),
    main: optional(fc.constantFrom("src/main.ts", "dist/index.js")),
    critical: fc.boolean(),
    timeouts: fc.record({
      start: optional(fc.integer({ min: 1, max: 86_400_000 })),
      stop: optional(fc.constantFrom(500, 1000, 30_000, 120_000)),
    }),
    sections: sections.map(withoutUndefined),
    file: fc.constant("/platform/modules/some/module.yaml"),
  });
}

function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
