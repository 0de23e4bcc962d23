import fc from "fast-check";

type JsonSchema = Readonly<Record<string, unknown>>;

const key = fc.constantFrom("a", "b", "c", "d-e");
const reference = fc.constantFrom<JsonSchema>({ $ref: "#/$defs/one" }, { $ref: "#/$defs/two" }, { $ref: "#" });

const scalar = fc.constantFrom<JsonSchema>(
  { type: "string" },
  { type: "string", nullable: true },
  { type: "integer" },
  { type: "number" },
  { type: "boolean" },
  { type: "null" },
  { type: ["string", "integer"] },
  { type: ["object", "string"] },
  { type: "array" },
  { type: "object" },
  {},
  { enum: ["x", "y", 1] },
  { enum: [null, true, { deep: 1 }] },
  { const: "z" },
  { const: -1.5 },
  { type: "string", enum: ["x", "y"] },
);

const withDefault = fc.constantFrom<JsonSchema>(
  { type: "string", default: "s" },
  { type: "integer", default: 3 },
  { type: "array", items: { type: "string" }, default: ["t"] },
  { type: ["string", "null"], default: null },
  { enum: ["x", "y"], default: "y" },
);

interface Schemas {
  readonly any: fc.Arbitrary<JsonSchema>;
  readonly object: fc.Arbitrary<JsonSchema>;
}

/** @param tried schemas for alternatives, in which the platform refuses defaults; the same ones where left out. */
function schemas(leaf: fc.Arbitrary<JsonSchema>, property: fc.Arbitrary<JsonSchema>, tried?: Schemas): Schemas {
  return fc.letrec<{ any: JsonSchema; object: JsonSchema }>((tie) => {
    const some = tie("any");
    const alternative = tried?.any ?? some;
    const lists = fc.array(some, { minLength: 1, maxLength: 3 });
    const alternatives = fc.array(alternative, { minLength: 1, maxLength: 3 });
    const properties = fc.dictionary(key, fc.oneof(some, property), { maxKeys: 3, noNullPrototype: true });
    const conditional = fc.dictionary(key, alternative, { maxKeys: 3, noNullPrototype: true });
    const required = fc.uniqueArray(key, { maxLength: 2 });
    const parts = fc.array(tried?.object ?? tie("object"), { minLength: 1, maxLength: 2 });
    return {
      any: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        leaf,
        some.map((items) => ({ type: "array", items })),
        fc
          .tuple(lists, fc.oneof(some, fc.boolean()))
          .map(([prefixItems, items]) => ({ type: "array", prefixItems, items })),
        alternatives.map((anyOf) => ({ anyOf })),
        alternatives.map((oneOf) => ({ oneOf })),
        fc.oneof(some, fc.boolean()).map((additionalProperties) => ({ type: "object", additionalProperties })),
        some.map((each) => ({ type: "object", patternProperties: { "^p": each }, additionalProperties: false })),
        tie("object"),
      ),
      object: fc.oneof(
        properties.map((each) => ({ properties: each })),
        fc.tuple(properties, required).map(([each, names]) => ({ type: "object", properties: each, required: names })),
        fc
          .tuple(properties, fc.oneof(some, fc.boolean()))
          .map(([each, additionalProperties]) => ({ type: "object", properties: each, additionalProperties })),
        fc.tuple(properties, parts).map(([each, allOf]) => ({ type: "object", properties: each, allOf })),
        fc.tuple(properties, parts).map(([each, anyOf]) => ({ type: "object", properties: each, anyOf })),
        fc.tuple(properties, parts).map(([each, oneOf]) => ({ type: ["object", "null"], properties: each, oneOf })),
        fc
          .tuple(properties, some)
          .map(([each, unevaluatedProperties]) => ({ type: "object", properties: each, unevaluatedProperties })),
        fc.tuple(properties, conditional).map(([each, other]) => ({
          type: "object",
          properties: each,
          if: { required: ["a"] },
          // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
          then: { properties: other },
        })),
        required.map((names) => ({ required: names, type: "object" })),
      ),
    };
  });
}

const anywhere = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: reference });
const tried = schemas(anywhere, scalar);
const { any, object } = schemas(anywhere, withDefault, tried);
const definition = schemas(scalar, scalar).any;

/** Sections `config` with everything that a type must come to terms with; some are refused by the platform. */
export const configSchemas: fc.Arbitrary<JsonSchema> = fc
  .tuple(
    fc.dictionary(key, fc.oneof(any, withDefault, object), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
    fc.uniqueArray(key, { maxLength: 2 }),
    definition,
  )
  .map(([properties, required, one]) => ({
    properties,
    required: required.filter((name) => Object.hasOwn(properties, name)),
    $defs: { one, two: { type: "object", properties: { a: { type: "string" }, next: { $ref: "#/$defs/two" } } } },
  }));

const words: readonly unknown[] = [
  "x",
  "y",
  "z",
  "s",
  1,
  3,
  -1.5,
  7,
  true,
  false,
  null,
  [],
  {},
  ["x", 1],
  { a: "x" },
  { deep: 1 },
];

/** A value that the schema may well accept; `random` gives numbers from 0 up to 1. */
export function valueFor(schema: unknown, root: JsonSchema, random: () => number, depth = 0): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const inner = (each: unknown) => valueFor(each, root, random, depth + 1);
  if (typeof schema !== "object" || schema === null || depth > 5 || random() < 0.04) return pick(words);
  const {
    type,
    properties,
    items,
    prefixItems,
    anyOf,
    oneOf,
    allOf,
    $ref,
    const: constant,
    enum: values,
  } = schema as Record<string, unknown>;
  if (constant !== undefined) return constant;
  if (Array.isArray(values)) return pick(values);
  if (typeof $ref === "string")
    return inner($ref === "#" ? root : (root.$defs as Record<string, unknown>)[$ref.slice(8)]);
  const parts = [anyOf, oneOf]
    .flatMap((each) => (Array.isArray(each) ? [pick(each)] : []))
    .concat(Array.isArray(allOf) ? allOf : []);
  const kind =
    (Array.isArray(type) ? pick(type) : type) ?? (properties === undefined && parts.length > 0 ? undefined : "object");
  switch (kind) {
    case "string":
      return pick(["x", "y", "s", ""]);
    case "integer":
      return pick([1, 3, 7]);
    case "number":
      return pick([1, -1.5, 0.25]);
    case "boolean":
      return random() < 0.5;
    case "null":
      return null;
    case "array":
      return [...(Array.isArray(prefixItems) ? prefixItems : []), items, items]
        .slice(0, Math.floor(random() * 4))
        .map(inner);
    case "object":
      return objectFor(schema as JsonSchema, parts, random, inner);
    default:
      return parts.length > 0 ? inner(pick(parts)) : pick(words);
  }
}

function objectFor(
  schema: JsonSchema,
  parts: readonly unknown[],
  random: () => number,
  inner: (schema: unknown) => unknown,
) {
  const { properties = {}, required = [], additionalProperties, patternProperties, unevaluatedProperties } = schema;
  const known = Object.entries(properties as Record<string, unknown>);
  const kept = known.filter(([name]) => (required as string[]).includes(name) || random() < 0.5);
  const fromParts = parts
    .map(inner)
    .filter((part) => typeof part === "object" && part !== null && !Array.isArray(part));
  const others = additionalProperties ?? unevaluatedProperties;
  const extra = others !== undefined && others !== false && random() < 0.5 ? { other: inner(others) } : {};
  const patterned = patternProperties === undefined ? {} : { p1: inner(Object.values(patternProperties as object)[0]) };
  return Object.assign(
    {},
    ...fromParts,
    extra,
    patterned,
    Object.fromEntries(kept.map(([name, each]) => [name, inner(each)])),
  );
}

/** Numbers from 0 up to 1 that are the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
