import type { SectionSchema } from "@plinth/module";
import * as z from "zod";
import type { ValuePath } from "./yaml-events.ts";

/** A JSON Schema as a plain object. */
export type JsonSchema = { [keyword: string]: unknown };

/** One JSON Schema (draft 2020-12) of the core keys and all sections, with no other keys allowed. */
export function composeJsonSchema(
  core: z.ZodObject,
  sections: ReadonlyMap<string, SectionSchema<unknown>>,
): JsonSchema {
  const schema: JsonSchema = z.toJSONSchema(core, { target: "draft-2020-12", io: "input" });
  const properties = { ...(schema.properties as Record<string, JsonSchema>) };
  const definitions: Record<string, JsonSchema> = {};
  for (const [key, section] of sections) properties[key] = embed(key, section, definitions);
  return {
    $schema: schema.$schema,
    title: "Plinth module manifest",
    description: "module.yaml: who a module is, what it needs and what it allows.",
    type: "object",
    properties,
    required: schema.required,
    additionalProperties: false,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }),
  };
}

/** The schema of a section with its references made to work inside the whole. */
function embed(key: string, section: SectionSchema<unknown>, definitions: Record<string, JsonSchema>): JsonSchema {
  const { $schema: _, $defs, ...own } = section["~standard"].jsonSchema.input({ target: "draft-2020-12" });
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>)) {
    definitions[`${key}.${name}`] = redirect(definition, key) as JsonSchema;
  }
  return redirect(own, key) as JsonSchema;
}

/** Points `#/$defs/x` to `#/$defs/<key>.x`, and `#` to the section itself. */
function redirect(schema: unknown, key: string): unknown {
  if (Array.isArray(schema)) return schema.map((item) => redirect(item, key));
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) =>
      keyword === "$ref" && typeof value === "string"
        ? [keyword, redirected(value, key)]
        : [keyword, redirect(value, key)],
    ),
  );
}

function redirected(reference: string, key: string): string {
  if (reference === "#") return `#/properties/${key}`;
  return reference.startsWith("#/$defs/") ? `#/$defs/${key}.${reference.slice("#/$defs/".length)}` : reference;
}

/** The keys that a schema names for the mapping at `path`. */
export function keysAt(root: JsonSchema, path: ValuePath): string[] {
  let level: JsonSchema[] = [root];
  for (const step of path)
    level = level.flatMap((schema) => variants(root, schema)).flatMap((schema) => inner(schema, step));
  return level.flatMap((schema) => variants(root, schema)).flatMap((schema) => Object.keys(schema.properties ?? {}));
}

function inner(schema: JsonSchema, step: string | number): JsonSchema[] {
  const named = (schema.properties as Record<string, JsonSchema> | undefined)?.[step];
  const found = named ?? (typeof step === "number" ? schema.items : schema.additionalProperties);
  return typeof found === "object" && found !== null ? [found as JsonSchema] : [];
}

/** A schema with what it refers to and the alternatives it offers. References are followed a few steps only. */
function variants(root: JsonSchema, schema: JsonSchema, depth = 0): JsonSchema[] {
  if (depth > 8) return [];
  const alternatives = ["anyOf", "oneOf", "allOf"].flatMap(
    (keyword) => (schema[keyword] as JsonSchema[] | undefined) ?? [],
  );
  const target = typeof schema.$ref === "string" ? resolveReference(root, schema.$ref) : undefined;
  return [
    schema,
    ...[...alternatives, ...(target === undefined ? [] : [target])].flatMap((one) => variants(root, one, depth + 1)),
  ];
}

function resolveReference(root: JsonSchema, reference: string): JsonSchema | undefined {
  if (!reference.startsWith("#")) return undefined;
  let found: unknown = root;
  for (const part of reference.split("/").slice(1)) found = (found as JsonSchema | undefined)?.[part];
  return found as JsonSchema | undefined;
}
