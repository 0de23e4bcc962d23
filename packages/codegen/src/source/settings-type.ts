import { prose, stringLiteral } from "./text.ts";
import {
  intersectionOf,
  isUnknown,
  type Member,
  neverType,
  objectType,
  type TypeNode,
  unionOf,
  unknownType,
} from "./type-node.ts";

/** A JSON Schema that is no mere `true` or `false`. */
type JsonSchema = Readonly<Record<string, unknown>>;

/** The most schemas that are looked into; references can make a small text mean a very large type. */
const schemaLimit = 2000;

/**
 * The type of a module's settings as `setup` gets them: checked against the JSON Schema in the
 * manifest's `config` section, with defaults filled in. What the schema allows and the type cannot
 * say is `unknown`, so the type is never narrower than the schema.
 */
export function settingsType(config: JsonSchema): { readonly type: TypeNode; readonly notes: readonly string[] } {
  const reading: Reading = { root: config, open: new Set(), notes: new Set(), left: schemaLimit };
  const whole = { properties: {}, ...config, type: "object" };
  const type = typeOfSchema(whole, { isWhole: true, defaultsCount: true, types: undefined }, reading);
  return { type, notes: [...reading.notes] };
}

interface Reading {
  readonly root: JsonSchema;
  /** References that are being followed. */
  readonly open: Set<string>;
  /** Why something is wider than the schema, for the documentation of the property that is being read. */
  notes: Set<string>;
  left: number;
}

/** How a schema stands to the value that it describes. */
interface Place {
  /** `false` for a schema that describes the value together with others. */
  readonly isWhole: boolean;
  /** Whether defaults are filled in here; alternatives are only tried, and leave the value alone. */
  readonly defaultsCount: boolean;
  /** The JSON types that a schema around this one allows. */
  readonly types: readonly string[] | undefined;
}

function typeOfSchema(schema: unknown, place: Place, reading: Reading): TypeNode {
  if (schema === false) return neverType;
  if (!isRecord(schema)) return unknownType;
  reading.left -= 1;
  if (reading.left < 0) {
    reading.notes.add("The schema is too large to be typed in full.");
    return unknownType;
  }
  const jsonTypes = jsonTypesOf(schema, place);
  const part: Place = { isWhole: false, defaultsCount: place.defaultsCount, types: jsonTypes };
  const tried: Place = { ...part, defaultsCount: false };
  const alternatives = [schema.anyOf, schema.oneOf].filter(Array.isArray);
  const types = [
    ownType(schema, jsonTypes, place, reading),
    ...(typeof schema.$ref === "string" ? [referenced(schema.$ref, part, reading)] : []),
    ...listOf(schema.allOf).map((each) => typeOfSchema(each, part, reading)),
    ...alternatives.map((each) => unionOf(each.map((one: unknown) => typeOfSchema(one, tried, reading)))),
  ];
  return types.reduce(intersectionOf);
}

const combining = ["$ref", "allOf", "anyOf", "oneOf", "if", "dependentSchemas"];

function jsonTypesOf(schema: JsonSchema, place: Place): readonly string[] | undefined {
  const stated = typeof schema.type === "string" ? [schema.type] : Array.isArray(schema.type) ? schema.type : undefined;
  if (stated !== undefined) return schema.nullable === true ? [...stated, "null"] : stated.map(String);
  // The platform reads a schema that names properties, and is no part of another, as one of an object.
  const isCombined = combining.some((keyword) => Object.hasOwn(schema, keyword));
  return place.isWhole && Object.hasOwn(schema, "properties") && !isCombined ? ["object"] : place.types;
}

function ownType(schema: JsonSchema, types: readonly string[] | undefined, place: Place, reading: Reading): TypeNode {
  if (Object.hasOwn(schema, "const") && isScalar(schema.const)) return scalarType(schema.const);
  if (Array.isArray(schema.enum) && schema.enum.every(isScalar)) return unionOf(schema.enum.map(scalarType));
  if (types === undefined) {
    if (isRecord(schema.properties)) reading.notes.add("The schema leaves open whether this is an object.");
    return unknownType;
  }
  return unionOf(types.map((type) => typeOfJsonType(type, schema, place, reading)));
}

function typeOfJsonType(type: string, schema: JsonSchema, place: Place, reading: Reading): TypeNode {
  switch (type) {
    case "string":
    case "number":
    case "boolean":
    case "null":
      return { kind: "plain", text: type };
    case "integer":
      return { kind: "plain", text: "number" };
    case "array":
      return { kind: "array", item: itemType(schema, place, reading) };
    case "object":
      return typeOfObject(schema, place, reading);
    default:
      return unknownType;
  }
}

function itemType(schema: JsonSchema, { defaultsCount }: Place, reading: Reading): TypeNode {
  const whole: Place = { isWhole: true, defaultsCount, types: undefined };
  const first = listOf(schema.prefixItems).map((each) => typeOfSchema(each, whole, reading));
  return unionOf([...first, typeOfSchema(schema.items, whole, reading)]);
}

function typeOfObject(schema: JsonSchema, place: Place, reading: Reading): TypeNode {
  const whole: Place = { isWhole: true, defaultsCount: place.defaultsCount, types: undefined };
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = new Set(listOf(schema.required).map(String));
  const members = Object.entries(properties).map(([name, property]) => {
    const filled = place.defaultsCount && hasDefault(property);
    return { ...memberOf(name, property, whole, reading), filled, optional: !filled && !required.has(name) };
  });
  for (const name of required) {
    if (!Object.hasOwn(properties, name))
      members.push({ name, optional: false, filled: false, type: unknownType, doc: [], deprecated: false });
  }
  if (["if", "dependentSchemas"].some((keyword) => Object.hasOwn(schema, keyword))) {
    reading.notes.add("What the schema says under a condition is not part of the type.");
  }
  const rest = restType(schema, place, whole, reading);
  if (members.length > 0 && rest !== undefined && !isUnknown(rest)) {
    reading.notes.add("Keys that the schema does not name are typed as unknown.");
  }
  if (members.length > 0 || rest !== undefined || place.isWhole) return objectType(members, rest);
  // Another schema speaks of the same object, or else nobody does.
  return schema.type === undefined ? unknownType : objectType([], unknownType);
}

/** The type under keys that are not named; `undefined` where there can be none, or other schemas speak of them. */
function restType(schema: JsonSchema, place: Place, whole: Place, reading: Reading): TypeNode | undefined {
  const patterns = isRecord(schema.patternProperties) ? Object.values(schema.patternProperties) : [];
  const unevaluated = isRecord(schema.unevaluatedProperties) || schema.unevaluatedProperties;
  const others = schema.additionalProperties ?? unevaluated ?? byDefault(schema, place);
  if (others === false && patterns.length === 0) return undefined;
  if (others === undefined) return patterns.length > 0 ? unknownType : undefined;
  return unionOf([...patterns, others].map((each) => typeOfSchema(each, whole, reading)));
}

/** The platform refuses keys that a schema does not name, unless it names none. */
function byDefault(schema: JsonSchema, { isWhole }: Place): boolean | undefined {
  if (!isWhole) return undefined;
  const isCombined = combining.some((keyword) => Object.hasOwn(schema, keyword));
  return !isCombined && !Object.hasOwn(schema, "properties");
}

function memberOf(name: string, schema: unknown, place: Place, reading: Reading): Omit<Member, "optional" | "filled"> {
  const outer = reading.notes;
  reading.notes = new Set();
  const type = typeOfSchema(schema, place, reading);
  const doc = [...documentation(schema), ...reading.notes];
  reading.notes = outer;
  return { name, type, doc, deprecated: isRecord(schema) && schema.deprecated === true };
}

function documentation(schema: unknown): string[] {
  if (!isRecord(schema)) return [];
  const text = [schema.description, schema.title].find((each) => typeof each === "string");
  const said = typeof text === "string" ? prose(text) : "";
  const isSecret = schema.writeOnly === true || schema.format === "password";
  if (!isScalar(schema.default) || isSecret) return said === "" ? [] : [said];
  const fallback = `Default: ${prose(JSON.stringify(schema.default))}.`;
  return [said === "" ? fallback : `${/[.!?]$/.test(said) ? said : `${said}.`} ${fallback}`];
}

/**
 * Whether a property that is left out is filled in: by its default, or as a section, because it has
 * defaults inside and asks for nothing else.
 */
function hasDefault(schema: unknown): boolean {
  if (!isRecord(schema)) return false;
  if (Object.hasOwn(schema, "default")) return true;
  const { properties, type } = schema;
  if (!isRecord(properties) || (type !== undefined && type !== "object")) return false;
  const filled = new Set(Object.keys(properties).filter((key) => hasDefault(properties[key])));
  return filled.size > 0 && listOf(schema.required).every((key) => filled.has(String(key)));
}

function referenced(reference: string, place: Place, reading: Reading): TypeNode {
  const target = lookUp(reading.root, reference);
  if (target === undefined) {
    reading.notes.add("The schema refers to something outside of it.");
    return unknownType;
  }
  if (reading.open.has(reference)) {
    reading.notes.add("The schema refers to itself; what is further inside is unknown.");
    return unknownType;
  }
  reading.open.add(reference);
  const type = typeOfSchema(target, place, reading);
  reading.open.delete(reference);
  return type;
}

function lookUp(root: JsonSchema, reference: string): unknown {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let target: unknown = root;
  for (const step of reference.slice(2).split("/")) {
    const key = unescaped(step);
    const holder: unknown = target;
    if (Array.isArray(holder)) target = holder[Number(key)];
    else target = isRecord(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
  }
  return target;
}

function unescaped(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return step;
  }
}

function scalarType(value: string | number | boolean | null): TypeNode {
  if (value === null) return { kind: "plain", text: "null" };
  const text = typeof value === "string" ? stringLiteral(value) : String(value).replace("e+", "e");
  return { kind: "plain", text, base: typeof value };
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
