import { lineWidth, propertyKey, stringLiteral } from "./text.ts";

/**
 * Plain data as an expression, laid out as the linter's format lays it out.
 *
 * @param indent columns by which the line is indented that the expression begins on.
 * @param column where on that line it begins.
 */
export function literal(value: unknown, indent: number, column: number): string {
  if (typeof value !== "object" || value === null) return scalarLiteral(value);
  const inline = inlineLiteral(value, lineWidth - column - 1);
  if (inline !== undefined) return inline;
  return Array.isArray(value) ? arrayLiteral(value, indent) : objectLiteral(value, indent);
}

function scalarLiteral(value: unknown): string {
  if (typeof value === "string") return stringLiteral(value);
  return typeof value === "number" ? numberLiteral(value) : String(value);
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

function objectLiteral(object: object, indent: number): string {
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

/** The expression on one line; `undefined` where it has more than `room` columns, or the format wants it on several. */
function inlineLiteral(value: unknown, room: number): string | undefined {
  if (typeof value !== "object" || value === null) {
    const text = scalarLiteral(value);
    return text.length <= room ? text : undefined;
  }
  return Array.isArray(value) ? inlineArray(value, room) : inlineObject(value, room);
}

function inlineArray(items: readonly unknown[], room: number): string | undefined {
  if (items.length === 0) return "[]";
  if (items.length > 1 && (items.every(hasManyKeys) || items.every(hasManyItems))) return undefined;
  let text = "[";
  for (const item of items) {
    const inline = inlineLiteral(item, room - text.length - 1);
    if (inline === undefined) return undefined;
    text += text === "[" ? inline : `, ${inline}`;
  }
  return text.length < room ? `${text}]` : undefined;
}

function inlineObject(object: object, room: number): string | undefined {
  let text = "{";
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const key = objectKey(name);
    const inline = inlineLiteral(value, room - text.length - key.length - 3);
    if (inline === undefined) return undefined;
    text += `${text === "{" ? " " : ", "}${key}: ${inline}`;
  }
  if (text === "{") return "{}";
  return text.length + 2 <= room ? `${text} }` : undefined;
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
