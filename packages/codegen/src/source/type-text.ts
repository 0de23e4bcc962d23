import { docComment } from "./doc-comment.ts";
import { lineWidth, propertyKey } from "./text.ts";
import type { Member, TypeNode } from "./type-node.ts";

/**
 * A type as source, laid out as the linter's format lays it out.
 *
 * @param indent columns by which the line is indented that the type begins on.
 * @param column where on that line it begins.
 */
export function typeText(type: TypeNode, indent: number, column: number): string {
  const inline = inlineType(type);
  if (inline !== undefined && column + inline.length + 1 <= lineWidth) return inline;
  switch (type.kind) {
    case "plain":
      return type.text;
    case "object":
      return `{\n${membersText(type.members, indent + 2)}${" ".repeat(indent)}}`;
    case "record":
      return `Readonly<Record<string, ${typeText(type.value, indent, column + "Readonly<Record<string, ".length)}>>`;
    case "array":
      return `readonly ${parenthesised(type.item, indent, column + "readonly ".length)}[]`;
    case "union":
      return broken(type.of, "|", indent);
    case "intersection":
      return broken(type.of, "&", indent);
  }
}

/** The members of an object type or of an interface, each with its documentation. */
export function membersText(members: readonly Member[], indent: number): string {
  const pad = " ".repeat(indent);
  return members
    .map(({ name, optional, type, doc, deprecated }) => {
      const key = name === undefined ? "[key: string]" : `${propertyKey(name)}${optional ? "?" : ""}`;
      const head = `readonly ${key}: `;
      const comment = docComment({ text: doc, tags: deprecated ? ["@deprecated"] : [] }, indent);
      return `${comment}${pad}${head}${typeText(type, indent, indent + head.length)};\n`;
    })
    .join("");
}

function broken(types: readonly TypeNode[], operator: string, indent: number): string {
  const pad = " ".repeat(indent + 2);
  return types.map((type) => `\n${pad}${operator} ${parenthesised(type, indent + 4, indent + 4, operator)}`).join("");
}

/** Only unions and intersections that stand in something stronger need parentheses. */
function parenthesised(type: TypeNode, indent: number, column: number, operator = "[]"): string {
  const isWeaker =
    type.kind === "union" || (operator === "[]" && (type.kind === "intersection" || type.kind === "array"));
  if (!isWeaker) return typeText(type, indent, column);
  const inline = inlineType(type);
  if (inline !== undefined && column + inline.length + 3 <= lineWidth) return `(${inline})`;
  return `(${typeText(type, indent, lineWidth)}\n${" ".repeat(indent)})`;
}

/** The type on one line; `undefined` where the format wants it on several. */
function inlineType(type: TypeNode): string | undefined {
  switch (type.kind) {
    case "plain":
      return type.text;
    case "object":
      return inlineObject(type.members);
    case "record": {
      const value = inlineType(type.value);
      return value === undefined ? undefined : `Readonly<Record<string, ${value}>>`;
    }
    case "array": {
      const item = inlineType(type.item);
      return item === undefined ? undefined : `readonly ${isSingle(type.item) ? item : `(${item})`}[]`;
    }
    default: {
      const operator = type.kind === "union" ? " | " : " & ";
      const parts = type.of.map((part) => {
        const text = inlineType(part);
        return text !== undefined && type.kind === "intersection" && part.kind === "union" ? `(${text})` : text;
      });
      return parts.includes(undefined) ? undefined : parts.join(operator);
    }
  }
}

function isSingle({ kind }: TypeNode): boolean {
  return kind === "plain" || kind === "object" || kind === "record";
}

/** An object type stands on one line only where nothing is said of its members. */
function inlineObject(members: readonly Member[]): string | undefined {
  const texts = members.map(({ name, optional, type, doc, deprecated }) => {
    const text = doc.length === 0 && !deprecated ? inlineType(type) : undefined;
    const key = name === undefined ? "[key: string]" : `${propertyKey(name)}${optional ? "?" : ""}`;
    return text === undefined ? undefined : `readonly ${key}: ${text}`;
  });
  if (texts.length === 0) return "{}";
  return texts.includes(undefined) ? undefined : `{ ${texts.join("; ")} }`;
}
