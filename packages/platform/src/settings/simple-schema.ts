import { isDuration } from "@plinth/module";
import { isRecord, type JsonSchema, typeOf } from "./json-schema.ts";
import type { SchemaIssue } from "./schema-issue.ts";

/**
 * Checks a value against a schema of the few keywords that the platform's own keys need: `type`,
 * `properties` (no others allowed), `items`, `enum`, `minLength`, `minimum` and the format `duration`. Commands
 * that only look at a platform so need not load a whole validator.
 */
export function checkSimple(schema: JsonSchema, value: unknown, path: readonly string[] = []): SchemaIssue[] {
  const invalid = (keyword: string): SchemaIssue[] => [{ kind: "invalid", path, value, schema, keyword }];
  if (schema.type !== undefined && schema.type !== typeOf(value)) return invalid("type");
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return invalid("enum");
  if (schema.format === "duration" && !isDuration(value)) return invalid("format");
  if (typeof schema.minLength === "number" && typeof value === "string" && value.length < schema.minLength) {
    return invalid("minLength");
  }
  if (typeof schema.minimum === "number" && typeof value === "number" && value < schema.minimum) {
    return invalid("minimum");
  }
  if (Array.isArray(value) && isRecord(schema.items)) {
    const { items } = schema;
    return value.flatMap((item, index) => checkSimple(items as JsonSchema, item, [...path, String(index)]));
  }
  if (isRecord(value) && isRecord(schema.properties)) {
    const { properties } = schema;
    return Object.entries(value).flatMap(([key, inner]): SchemaIssue[] => {
      const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (isRecord(known)) return checkSimple(known, inner, [...path, key]);
      return [{ kind: "unknown", path: [...path, key], value: inner, schema, keyword: "additionalProperties" }];
    });
  }
  return [];
}
