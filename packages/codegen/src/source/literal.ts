import { lineWidth, propertyKey, stringLiteral } from "./text.ts";

/**
 * Plain data as an expression, laid out as the linter's format lays it out.
 *
 * @param indent columns by which the line is indented that the expression begins on.
 * @param column where on that line it begins.
 */
export function literal(value: unknown, indent: number, column: number): string {
  const inline = inlineLiteral(value);
  if (inline !== undefined && column + inline.length + 1 <= lineWidth) return inline;
  if (Array.isArray(value)) return arrayLiteral(value, indent);
  if (isObject(value)) return objectLiteral(value, indent);
  return inline ?? "";
}

function arrayLiteral(items: readonly unknown[], indent: number): string {
  const inner = indent + 2;
  const pad = " ".repeat(inner);
  const lines = items.every((item) => typeof item === "number")
    ? fill(items.map(numberLiteral), inner)
    : items.map((item) => literal(item, inner, inner));
  return `[\n${lines.map((line) => `${pad}${line},\n`).join("")}${" ".repeat(indent)}]`;
}

/** As many on a line as fit. */
function fill(items: readonly string[], indent: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && indent + last.length + 2 + item.length + 1 <= lineWidth) {
      lines[lines.length - 1] = `${last}, ${item}`;
    } else lines.push(item);
  }
  return lines;
}

function objectLiteral(object: Readonly<Record<string, unknown>>, indent: number): string {
  const inner = indent + 2;
  const lines = Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${" ".repeat(inner)}${propertyText(objectKey(name), value, inner)},\n`);
  return `{\n${lines.join("")}${" ".repeat(indent)}}`;
}

/** A key that the format never parts from its value by a line break, as little would be won. */
const shortKey = 5;

function propertyText(key: string, value: unknown, indent: number): string {
  const column = indent + key.length + 2;
  const text = literal(value, indent, column);
  const firstLine = text.includes("\n") ? 1 : text.length + 1;
  const isShort = typeof value === "boolean" || (typeof value === "number" && value >= 0);
  if (isShort || key.length < shortKey || column + firstLine <= lineWidth) return `${key}: ${text}`;
  return `${key}:\n${" ".repeat(indent + 2)}${literal(value, indent + 2, indent + 2)}`;
}

/** The expression on one line; `undefined` where the format wants it on several. */
function inlineLiteral(value: unknown): string | undefined {
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value === "number") return numberLiteral(value);
  if (Array.isArray(value)) {
    if (value.length > 1 && (value.every(hasManyKeys) || value.every(hasManyItems))) return undefined;
    const items = allInline(value.map(inlineLiteral));
    return items === undefined ? undefined : `[${items.join(", ")}]`;
  }
  if (!isObject(value)) return String(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  if (entries.length === 0) return "{}";
  const members = allInline(
    entries.map(([key, inner]) => {
      const text = inlineLiteral(inner);
      return text === undefined ? undefined : `${objectKey(key)}: ${text}`;
    }),
  );
  return members === undefined ? undefined : `{ ${members.join(", ")} }`;
}

function allInline(texts: readonly (string | undefined)[]): readonly string[] | undefined {
  return texts.includes(undefined) ? undefined : (texts as readonly string[]);
}

function hasManyKeys(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 1;
}

function hasManyItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 1;
}

function numberLiteral(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value).replace("e+", "e");
}

/** In an object literal this one key would set the prototype, whether it is quoted or not. */
function objectKey(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : propertyKey(name);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
