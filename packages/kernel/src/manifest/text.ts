/**
 * Text from a manifest as it may stand in a message: everything but printable ASCII shown by its
 * code point, and cut after 80 characters. So no look-alike letter, bidirectional mark or terminal
 * sequence reaches the reader's screen.
 */
export function printable(text: string): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}...` : text;
  return shown.replace(/[^ -~]/gu, (character) => `\\u{${codePointOf(character)}}`);
}

const longest = 80;

/** The characters of `text` that are not printable ASCII, each once, as `U+0430, U+200F`. */
export function foreignCharacters(text: string): string {
  const found = new Set(text.match(/[^ -~]/gu) ?? []);
  return [...found]
    .slice(0, 8)
    .map((character) => `U+${codePointOf(character).padStart(4, "0")}`)
    .join(", ");
}

function codePointOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
}

/** A value as a sentence names it: `the number 1.1`, `a list`, `empty`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return `the text "${printable(value)}"`;
    case "number":
    case "bigint":
      return `the number ${value}`;
    case "boolean":
      return String(value);
    case "object":
      return isMapping(value) ? "a mapping" : "an object of a class";
    default:
      return `a ${typeof value}`;
  }
}

/** Whether `value` is a plain object, as parsing makes them. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
