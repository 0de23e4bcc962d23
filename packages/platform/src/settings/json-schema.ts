/** A JSON Schema that is no mere `true` or `false`. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A place in a schema: every subschema that speaks of the same value, and the root that `$ref` starts from. */
export interface SchemaNode {
  readonly root: JsonSchema;
  readonly views: readonly JsonSchema[];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The node of the whole schema. */
export function rootNode(root: JsonSchema): SchemaNode {
  return { root, views: viewsOf([root], root) };
}

/** Follows `$ref` within the document and all combining keywords; each subschema comes once, in document order. */
function viewsOf(schemas: readonly unknown[], root: JsonSchema): JsonSchema[] {
  const found = new Set<JsonSchema>();
  const waiting = [...schemas].reverse();
  while (waiting.length > 0) {
    const schema = waiting.pop();
    if (!isRecord(schema) || found.has(schema)) continue;
    found.add(schema);
    const parts = [
      typeof schema.$ref === "string" ? lookUp(root, schema.$ref) : undefined,
      ...["allOf", "anyOf", "oneOf"].flatMap((keyword) => (Array.isArray(schema[keyword]) ? schema[keyword] : [])),
      schema.then,
      schema.else,
    ];
    waiting.push(...parts.reverse());
  }
  return [...found];
}

/** What a reference such as `#/$defs/size` points to; `undefined` for one that leads nowhere or out of the document. */
export function lookUp(root: JsonSchema, reference: string): unknown {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let target: unknown = root;
  for (const step of reference.slice(2).split("/")) {
    const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    target = isRecord(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  return target;
}

/** The keys that the schema names for an object here, in document order, each once. */
export function keysOf(node: SchemaNode): string[] {
  return [...new Set(node.views.flatMap((view) => (isRecord(view.properties) ? Object.keys(view.properties) : [])))];
}

/** The node of the value under `key`; `undefined` where the schema allows no such key. */
export function childNode(node: SchemaNode, key: string): SchemaNode | undefined {
  const children: unknown[] = [];
  for (const view of node.views) {
    if (isRecord(view.properties) && Object.hasOwn(view.properties, key)) children.push(view.properties[key]);
    if (!isRecord(view.patternProperties)) continue;
    for (const [pattern, schema] of Object.entries(view.patternProperties)) {
      if (new RegExp(pattern, "u").test(key)) children.push(schema);
    }
  }
  if (children.length === 0) {
    if (!isSection(node) || node.views.some(isClosed)) return undefined;
    children.push(...node.views.map((view) => view.additionalProperties));
  }
  return { root: node.root, views: viewsOf(children, node.root) };
}

function isClosed(view: JsonSchema): boolean {
  return view.additionalProperties === false || view.unevaluatedProperties === false;
}

/** The node that `path` leads to, keys and list positions alike. */
export function nodeAt(node: SchemaNode, path: readonly string[]): SchemaNode | undefined {
  let current: SchemaNode | undefined = node;
  for (const step of path) {
    if (current === undefined) return undefined;
    const items: readonly unknown[] = /^\d+$/.test(step) ? current.views.flatMap((view) => view.items ?? []) : [];
    current = items.length > 0 ? { root: node.root, views: viewsOf(items, node.root) } : childNode(current, step);
  }
  return current;
}

/** The JSON types that a value may have here; empty when the schema does not say. */
export function typesOf(node: SchemaNode): ReadonlySet<string> {
  const types = new Set<string>();
  for (const view of node.views) {
    if (typeof view.type === "string") types.add(view.type);
    else if (Array.isArray(view.type)) for (const type of view.type) types.add(String(type));
    else if (Array.isArray(view.enum)) for (const value of view.enum) types.add(typeOf(value));
    else if (Object.hasOwn(view, "const")) types.add(typeOf(view.const));
  }
  return types;
}

/** The JSON type of a value; whole numbers are `integer`. */
export function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** Whether an object may stand here. */
export function isSection(node: SchemaNode): boolean {
  const types = typesOf(node);
  return types.size === 0 || types.has("object") || node.views.some((view) => isRecord(view.properties));
}

/** Whether the value here must not be shown: `writeOnly: true` or `format: password`. */
export function isSecret(node: SchemaNode): boolean {
  return node.views.some((view) => view.writeOnly === true || view.format === "password");
}

/** Whether the value here, or anything inside it, must not be shown. */
export function holdsSecret(node: SchemaNode): boolean {
  const seen = new Set<unknown>();
  const waiting: SchemaNode[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isSecret(next)) return true;
    for (const view of next.views) {
      if (seen.has(view)) continue;
      seen.add(view);
      const inner = [view.properties, view.patternProperties]
        .flatMap((map) => (isRecord(map) ? Object.values(map) : []))
        .concat(view.items, view.additionalProperties);
      waiting.push({ root: node.root, views: viewsOf(inner, node.root) });
    }
  }
  return false;
}
