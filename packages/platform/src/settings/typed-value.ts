import { type SchemaNode, typeOf, typesOf } from "./json-schema.ts";
import { parseFlowValue } from "./yaml-value.ts";

const number = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;
const words = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/**
 * Reads the text of a variable or a flag as the type that the schema wants: where only a string may
 * stand the text is taken as it is, elsewhere numbers, `true`, `false`, `null`, and YAML or JSON in
 * brackets, braces or quotation marks are understood.
 *
 * @throws Error where the text begins like YAML or JSON and is not.
 */
export function typedValue(text: string, node: SchemaNode | undefined): unknown {
  const types = node === undefined ? new Set<string>() : typesOf(node);
  if (types.size === 1 && types.has("string")) return text;
  let value: unknown;
  try {
    value = untypedValue(text);
  } catch (error) {
    if (types.has("string")) return text;
    throw error;
  }
  return types.has("string") && !admits(types, value) ? text : value;
}

function untypedValue(text: string): unknown {
  const trimmed = text.trim();
  if (number.test(trimmed)) return Number(trimmed);
  if (words.has(trimmed)) return words.get(trimmed);
  return /^["'[{]/.test(trimmed) ? parseFlowValue(trimmed) : text;
}

function admits(types: ReadonlySet<string>, value: unknown): boolean {
  const type = typeOf(value);
  return types.has(type) || (type === "integer" && types.has("number"));
}
