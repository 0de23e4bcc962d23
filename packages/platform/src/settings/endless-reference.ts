import { isRecord, type JsonSchema, lookUp } from "./json-schema.ts";

/**
 * A reference of the schema that leads back to itself without going into the value, so that checking
 * would never end; `undefined` where there is none.
 */
export function endlessReference(root: JsonSchema): string | undefined {
  const settled = new Set<unknown>();
  const open = new Set<unknown>();

  function follow(schema: unknown): string | undefined {
    if (!isRecord(schema) || settled.has(schema)) return undefined;
    open.add(schema);
    const target = typeof schema.$ref === "string" ? lookUp(root, schema.$ref) : undefined;
    if (target !== undefined && open.has(target)) return String(schema.$ref);
    const found = [target, ...partsOf(schema)].reduce<string | undefined>(
      (found, each) => found ?? follow(each),
      undefined,
    );
    open.delete(schema);
    settled.add(schema);
    return found;
  }

  return schemasIn(root).reduce<string | undefined>((found, schema) => found ?? follow(schema), undefined);
}

/** The schemas that speak of the same value as the one that they stand in. */
function partsOf(schema: JsonSchema): unknown[] {
  const lists = [schema.allOf, schema.anyOf, schema.oneOf].flatMap((list) => (Array.isArray(list) ? list : []));
  const dependent = isRecord(schema.dependentSchemas) ? Object.values(schema.dependentSchemas) : [];
  return [...lists, ...dependent, schema.not, schema.if, schema.then, schema.else];
}

/** Everything in a schema that could be one. */
function schemasIn(root: JsonSchema): JsonSchema[] {
  const found: JsonSchema[] = [];
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (isRecord(next)) found.push(next);
    if (typeof next === "object" && next !== null) waiting.push(...Object.values(next));
  }
  return found;
}
