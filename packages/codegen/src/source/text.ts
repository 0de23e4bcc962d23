/** The width that generated lines keep to, as the linter's format does. */
export const lineWidth = 120;

/** What people see as it is: letters, marks, digits, punctuation, symbols and the space, and nothing invisible. */
const unseen = /[^[\p{L}\p{M}\p{N}\p{P}\p{S} ]--\p{Default_Ignorable_Code_Point}]/v;
const eachUnseen = new RegExp(unseen, "gv");
const plain = /^[ -~]*$/;
/** Printable characters that mean nothing in a string or a comment. */
const harmless = /^[ !#-&(-?A-Z^_a-z|~]*$/;

/**
 * A text as a string literal. Whatever is in the text, the literal is one line of visible characters
 * and means exactly that text, halves of surrogate pairs included.
 */
export function stringLiteral(text: string): string {
  if (harmless.test(text)) return `"${text}"`;
  const quote = count(text, '"') > count(text, "'") ? "'" : '"';
  const escaped = text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`);
  return `${quote}${escapeUnseen(escaped)}${quote}`;
}

/** A text as the inside of a template literal. */
export function templateText(text: string): string {
  return escapeUnseen(text.replace(/[\\`$]/g, "\\$&"));
}

function escapeUnseen(text: string): string {
  return plain.test(text) ? text : text.replace(eachUnseen, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const units = character.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  return units.map((unit) => `\\u${unit}`).join("");
}

const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/**
 * The key of an object literal or of a type, unquoted where it is an identifier of ASCII. Which other letters
 * may stand in one is a matter of the Unicode version that a compiler knows.
 */
export function propertyKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringLiteral(name);
}

/**
 * A text as prose in a comment: one line in which nothing ends the comment, opens a tag or is taken
 * for Markdown, and what cannot be seen is shown by its code point.
 */
export function prose(text: string): string {
  if (harmless.test(text) && !/ {2}|\*\/|[<>]|^ | $/.test(text)) return text;
  const line = text.replace(/\s+/gu, " ").trim();
  const shown = plain.test(line) ? line : line.replace(eachUnseen, showCharacter);
  return shown.replace(/[\\`@{}[\]<>]/g, "\\$&").replaceAll("*/", "*\\/");
}

function showCharacter(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** A line as it may be shown on a terminal: what cannot be seen is shown by its code point. */
export function visible(line: string): string {
  return plain.test(line) ? line : line.replace(eachUnseen, showCharacter);
}
