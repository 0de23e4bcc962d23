import { isRecord } from "./json-schema.ts";

/**
 * Whether a schema is one of the plain ones that most settings have: only keywords that are named here, each with a value
 * that JSON Schema (draft 2020-12) allows. Such a schema need not be held against the schema of all schemas, which
 * takes longer to prepare than everything else about settings. `false` says nothing against a schema.
 */
export function isPlainSchema(schema: unknown): boolean {
  if (typeof schema === "boolean") return true;
  if (!isRecord(schema)) return false;
  return Object.entries(schema).every(([keyword, value]) => {
    if (keyword.startsWith("x-")) return true;
    const isAllowed = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined;
    return isAllowed?.(value) === true;
  });
}

const isText = (value: unknown): boolean => typeof value === "string";
const isFlag = (value: unknown): boolean => typeof value === "boolean";
const isNumber = (value: unknown): boolean => Number.isFinite(value);
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const isAnything = (): boolean => true;

const types = new Set<unknown>(["array", "boolean", "integer", "null", "number", "object", "string"]);

function isType(value: unknown): boolean {
  return types.has(value) || (isListOf(value, (one) => types.has(one)) && value.length > 0 && isEachOnce(value));
}

function isListOf(value: unknown, isOne: (one: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.every(isOne);
}

function isEachOnce(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

function isChoice(value: unknown): boolean {
  return isListOf(value, isPlainSchema) && value.length > 0;
}

function isPattern(value: unknown): boolean {
  try {
    return typeof value === "string" && new RegExp(value, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

const keywords: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: isType,
  properties: (value) => isRecord(value) && Object.values(value).every(isPlainSchema),
  required: (value) => isListOf(value, isText) && isEachOnce(value),
  additionalProperties: isPlainSchema,
  unevaluatedProperties: isPlainSchema,
  propertyNames: isPlainSchema,
  items: isPlainSchema,
  anyOf: isChoice,
  oneOf: isChoice,
  allOf: isChoice,
  enum: Array.isArray,
  const: isAnything,
  default: isAnything,
  examples: Array.isArray,
  title: isText,
  description: isText,
  format: isText,
  pattern: isPattern,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  uniqueItems: isFlag,
  deprecated: isFlag,
  readOnly: isFlag,
  writeOnly: isFlag,
};
