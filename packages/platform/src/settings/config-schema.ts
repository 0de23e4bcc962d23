import { isRecord, type JsonSchema } from "./json-schema.ts";

/** Keywords whose value holds schemas of whole values, by name. */
const valueMaps = new Set(["properties", "patternProperties"]);
/** Keywords whose value is the schema, or a list of schemas, of whole values. */
const valueSchemas = new Set(["items", "prefixItems", "additionalProperties", "contains"]);
/** Keywords whose value holds schemas that describe a value together with others, by name. */
const partMaps = new Set(["$defs", "definitions", "dependentSchemas"]);
/** Keywords whose value is such a schema, or a list of them. */
const partSchemas = new Set(["allOf", "anyOf", "oneOf", "then", "else"]);

const combining = ["$ref", "allOf", "anyOf", "oneOf", "if", "dependentSchemas"];

/**
 * The full schema of a module's settings, from the `config` section of its manifest:
 * - what names properties is an object, even where `type` is left out;
 * - an object that names properties takes no others unless it says so with `additionalProperties`;
 * - a section that may be left out and in which nothing is missing by default gets its inner defaults.
 */
export function configSchema(section: JsonSchema): JsonSchema {
  const { $schema: _, $id: __, ...rest } = section;
  const whole = prepare({ properties: {}, ...rest, type: "object" }, true);
  return whole as JsonSchema;
}

function prepare(schema: unknown, isWhole: boolean): unknown {
  if (Array.isArray(schema)) return schema.map((each) => prepare(each, isWhole));
  if (!isRecord(schema)) return schema;
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (valueMaps.has(keyword)) result[keyword] = prepareAll(value, true);
    else if (partMaps.has(keyword)) result[keyword] = prepareAll(value, false);
    else if (valueSchemas.has(keyword)) result[keyword] = prepare(value, true);
    else if (partSchemas.has(keyword)) result[keyword] = prepare(value, false);
    else result[keyword] = value;
  }
  if (isRecord(result.properties)) result.properties = withSectionDefaults(result.properties);
  return isWhole ? close(result) : result;
}

function prepareAll(map: unknown, isWhole: boolean): unknown {
  if (!isRecord(map)) return map;
  return Object.fromEntries(Object.entries(map).map(([key, schema]) => [key, prepare(schema, isWhole)]));
}

/** Refuses the keys that a schema does not name; across combined schemas only `unevaluatedProperties` can tell. */
function close(schema: Readonly<Record<string, unknown>>): JsonSchema {
  const isCombined = combining.some((keyword) => Object.hasOwn(schema, keyword));
  const namesKeys = Object.hasOwn(schema, "properties");
  const isOpen = Object.hasOwn(schema, "additionalProperties") || Object.hasOwn(schema, "unevaluatedProperties");
  return {
    ...(namesKeys && !isCombined ? { type: "object" } : {}),
    ...schema,
    ...(isCombined && !isOpen ? { unevaluatedProperties: false } : {}),
    ...(namesKeys && !isCombined && !isOpen ? { additionalProperties: false } : {}),
  };
}

/** Ajv fills in defaults only inside sections that exist, so a section whose defaults suffice begins as an empty one. */
function withSectionDefaults(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [
      key,
      isRecord(schema) && defaultsSuffice(schema) ? { ...schema, default: {} } : schema,
    ]),
  );
}

function defaultsSuffice(schema: JsonSchema): boolean {
  if (Object.hasOwn(schema, "default") || !isRecord(schema.properties)) return false;
  if (schema.type !== undefined && schema.type !== "object") return false;
  const inner = schema.properties;
  const hasDefault = (key: string) => isRecord(inner[key]) && Object.hasOwn(inner[key], "default");
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.keys(inner).some(hasDefault) && required.every(hasDefault);
}
