import { docComment } from "./doc-comment.ts";
import { lineWidth, propertyKey } from "./text.ts";
import { isUnknown, type Member, type ObjectType, type TypeNode } from "./type-node.ts";

/**
 * A type as source, laid out as the linter's format lays it out. It begins with a line break where it
 * is too long for the line that it belongs on.
 *
 * @param indent columns by which the line is indented that the type belongs on.
 * @param column where on that line it would begin.
 */
export function typeText(type: TypeNode, indent: number, column: number): string {
  const inline = inlineType(type);
  if (inline !== undefined && column + inline.length + 1 <= lineWidth) return inline;
  switch (type.kind) {
    case "plain":
      return type.text;
    case "object":
      return isRecord(type)
        ? `Readonly<\n${" ".repeat(indent + 2)}${recordText(type)}\n${" ".repeat(indent)}>`
        : `{\n${membersText(type, indent + 2)}${" ".repeat(indent)}}`;
    case "array":
      return arrayText(type.item, indent, column);
    case "union":
      return isNullable(type.of)
        ? type.of.map((part) => typeText(part, indent, column)).join(" | ")
        : alternativesText(type.of, indent + 2);
  }
}

/** An object or nothing keeps its braces on the line. */
function isNullable(types: readonly TypeNode[]): boolean {
  const isNull = (type: TypeNode) => type.kind === "plain" && type.text === "null";
  return types.length === 2 && types.some(isNull) && types.some(({ kind }) => kind === "object");
}

/** What stands between the braces of an object type or an interface, each property with its documentation. */
export function membersText({ members, index }: ObjectType, indent: number): string {
  const pad = " ".repeat(indent);
  const lines = members.map((member) => {
    const comment = docComment({ text: member.doc, tags: member.deprecated ? ["@deprecated"] : [] }, indent);
    return `${comment}${pad}${memberText(headOf(member), member.type, indent)};\n`;
  });
  const last = index === undefined ? [] : [`${pad}${memberText(indexHead, index, indent)};\n`];
  return [...lines, ...last].join("");
}

const indexHead = "readonly [key: string]:";

function headOf({ name, optional }: Member): string {
  return `readonly ${propertyKey(name)}${optional ? "?" : ""}:`;
}

function memberText(head: string, type: TypeNode, indent: number): string {
  const text = typeText(type, indent, indent + head.length + 1);
  return `${head}${text.startsWith("\n") ? "" : " "}${text}`;
}

function arrayText(item: TypeNode, indent: number, column: number): string {
  if (item.kind !== "union" && item.kind !== "array") {
    return `readonly ${typeText(item, indent, column + "readonly []".length)}[]`;
  }
  const inner =
    item.kind === "union"
      ? alternativesText(item.of, indent + 2)
      : typeText(item, indent, column + "readonly ()[]".length);
  return `readonly (${inner}${item.kind === "union" ? `\n${" ".repeat(indent)}` : ""})[]`;
}

function alternativesText(types: readonly TypeNode[], indent: number): string {
  const pad = " ".repeat(indent);
  return types.map((type) => `\n${pad}| ${typeText(type, indent + 2, indent + 2)}`).join("");
}

/** The type on one line; `undefined` where the format wants it on several. */
function inlineType(type: TypeNode): string | undefined {
  switch (type.kind) {
    case "plain":
      return type.text;
    case "object":
      return inlineObject(type);
    case "array": {
      const item = inlineType(type.item);
      const isSingle = type.item.kind === "plain" || type.item.kind === "object";
      return item === undefined ? undefined : `readonly ${isSingle ? item : `(${item})`}[]`;
    }
    case "union": {
      const parts = type.of.map(inlineType);
      return parts.includes(undefined) ? undefined : parts.join(" | ");
    }
  }
}

/** An object type stands on one line only where nothing is said of its properties. */
function inlineObject(type: ObjectType): string | undefined {
  if (isRecord(type)) return `Readonly<${recordText(type)}>`;
  const { members, index } = type;
  const texts = members.map((member) => {
    const text = member.doc.length === 0 && !member.deprecated ? inlineType(member.type) : undefined;
    return text === undefined ? undefined : `${headOf(member)} ${text}`;
  });
  if (index !== undefined) {
    const text = inlineType(index);
    texts.push(text === undefined ? undefined : `${indexHead} ${text}`);
  }
  return texts.includes(undefined) ? undefined : `{ ${texts.join("; ")} }`;
}

/** Whether nothing is said of any key. */
function isRecord({ members, index }: ObjectType): boolean {
  return members.length === 0 && (index === undefined || isUnknown(index));
}

function recordText({ index }: ObjectType): string {
  return index === undefined ? "Record<never, never>" : "Record<string, unknown>";
}
