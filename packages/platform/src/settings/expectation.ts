import { durationPattern } from "@plinth/module";
import { isRecord, type JsonSchema, typeOf } from "./json-schema.ts";

/** What a schema admits, in words that complete "it must be ...". */
export function describeExpectation(schema: JsonSchema): string {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return joinWords(unique(alternatives.filter(isRecord).map(describeExpectation)));
  if (Object.hasOwn(schema, "const")) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return joinWords(schema.enum.map(plain));
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type];
  if (types.length === 0) return "a value that its schema allows";
  return joinWords(unique(types.map((type) => describeType(String(type), schema))));
}

function describeType(type: string, schema: JsonSchema): string {
  switch (type) {
    case "integer":
      return `a whole number${describeRange(schema)}`;
    case "number":
      return `a number${describeRange(schema)}`;
    case "boolean":
      return "true or false";
    case "string":
      return describeText(schema);
    case "array":
      return describeList(schema);
    case "object":
      return "a section with settings of its own";
    default:
      return type;
  }
}

function describeRange(schema: JsonSchema): string {
  const { exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const [minimum, maximum] = [schema.minimum, schema.maximum].map(worthSaying);
  const bounds =
    minimum !== undefined && maximum !== undefined
      ? ` from ${minimum} to ${maximum}`
      : joinBounds([
          ["of at least", minimum],
          ["above", exclusiveMinimum],
          ["of at most", maximum],
          ["below", exclusiveMaximum],
        ]);
  return `${bounds}${multipleOf === undefined ? "" : ` that ${multipleOf} divides`}`;
}

/** A bound, unless it is only the edge of what numbers can be. */
function worthSaying(bound: unknown): unknown {
  return typeof bound === "number" && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined;
}

function joinBounds(bounds: readonly (readonly [string, unknown])[]): string {
  const given = bounds.filter(([, value]) => value !== undefined).map(([word, value]) => `${word} ${value}`);
  return given.length === 0 ? "" : ` ${given.join(" and ")}`;
}

function describeText({ format, pattern, minLength, maxLength }: JsonSchema): string {
  if (format === "duration" || pattern === durationPattern) return "a duration such as 500ms, 30s or 2m";
  if (typeof pattern === "string") return `a text that matches ${pattern}`;
  if (minLength === 1 && maxLength === undefined) return "a text that is not empty";
  const length = joinBounds([
    ["of at least", minLength],
    ["of at most", maxLength],
  ]);
  const kind = typeof format === "string" && format !== "password" ? `a text in the format ${format}` : "a text";
  return length === "" ? kind : `${kind}${length} characters`;
}

function describeList({ items, minItems, maxItems, uniqueItems }: JsonSchema): string {
  const count = joinBounds([
    ["of at least", minItems],
    ["of at most", maxItems],
  ]);
  const each = isRecord(items) ? ` in which each item is ${describeExpectation(items)}` : "";
  return `a list${count === "" ? "" : `${count} items`}${each}${uniqueItems === true ? ", none of them twice" : ""}`;
}

function plain(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : typeOf(value) === "null" ? "null" : JSON.stringify(value);
}

/** `a, b or c`. */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
