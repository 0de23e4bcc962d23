import { foreignCharacters } from "./text.ts";

/** Why a text is not YAML, as people can use it. */
export interface SyntaxFailure {
  readonly reason: string;
  /** What to do about it, as an imperative sentence. */
  readonly mend: string;
  readonly offset: number;
}

/**
 * Turns the parser's complaint into the mistake that people most likely made, and its place: parsers
 * notice most mistakes later than where they are. Where no known mistake fits, the parser's words hold.
 */
export function explainSyntax(text: string, reason: string, offset: number): SyntaxFailure {
  const place: Place = { text, reason, offset, line: lineAt(text, offset) };
  for (const recognise of mistakes) {
    const failure = recognise(place);
    if (failure !== undefined) return failure;
  }
  return { reason, mend: "Correct the text at this place, or just before it.", offset };
}

interface Line {
  readonly start: number;
  readonly content: string;
}

interface Place {
  readonly text: string;
  /** The parser's words. */
  readonly reason: string;
  readonly offset: number;
  readonly line: Line;
}

type Recognise = (place: Place) => SyntaxFailure | undefined;

const mistakes: readonly Recognise[] = [
  controlCharacter,
  reservedStart,
  blockIndicatorInText,
  aliasWithoutName,
  missingSpaceAfterColon,
  unclosed,
  colonInText,
  textAfterQuote,
  missingColon,
  missingComma,
  wrongEscape,
  wrongIndentation,
];

/** A bell, an escape, a zero byte. */
function controlCharacter({ text, reason, offset }: Place): SyntaxFailure | undefined {
  if (!/non-printable|null byte|valid JSON character/.test(reason)) return undefined;
  const mend = "Delete the character; where it is meant, write it as an escape inside double quotes.";
  return { reason: `the invisible character ${foreignCharacters(text.charAt(offset))} stands in it`, mend, offset };
}

/** `description: @team`, `` name: `x` ``, `share: %5` */
function reservedStart({ text, offset }: Place): SyntaxFailure | undefined {
  const character = text.charAt(offset);
  if (!"@`%".includes(character) || character === "") return undefined;
  return { reason: `a text cannot begin with ${character}`, mend: "Put the text in quotes.", offset };
}

/** `identity: >=1.0.0` */
function blockIndicatorInText({ text, reason, offset }: Place): SyntaxFailure | undefined {
  if (reason !== "a line break is expected") return undefined;
  const start = Math.max(text.lastIndexOf(">", offset), text.lastIndexOf("|", offset));
  const written = /^[^\n#]*/.exec(text.slice(start, start + 40))?.[0].trim() ?? "";
  return {
    reason: `a text cannot begin with ${written.charAt(0)}`,
    mend: `Put the text in quotes: "${written}"`,
    offset: start,
  };
}

/** `identity: *` */
function aliasWithoutName({ text, reason, offset }: Place): SyntaxFailure | undefined {
  if (!/name of an (?:alias|anchor)/.test(reason)) return undefined;
  const start = text.startsWith("*", offset) || text.startsWith("&", offset) ? offset : offset - 1;
  const character = text.charAt(start);
  return {
    reason: `a text cannot begin with ${character}`,
    mend: `Put the text in quotes: "${character}"`,
    offset: start,
  };
}

/** `name:tickets` */
function missingSpaceAfterColon({ text, reason, line }: Place): SyntaxFailure | undefined {
  const above = lineBefore(text, line);
  const candidates = isAboutKeys(reason) ? [line, above] : isAboutIndentation(reason) ? [above] : [];
  for (const candidate of candidates) {
    const match = /^(\s*(?:- )?["']?[\w.-]+["']?):[^\s:]/.exec(candidate?.content ?? "");
    if (candidate === undefined || match === null) continue;
    const offset = candidate.start + (match[1]?.length ?? 0);
    return { reason: "there is no space after the colon", mend: 'Write "key: value".', offset };
  }
  return undefined;
}

/** A quote or a bracket that is opened and never closed, or closed too far to the left. */
function unclosed({ text, reason, offset }: Place): SyntaxFailure | undefined {
  if (!/deficient indentation|unexpected end of the (?:stream|document) within/.test(reason)) return undefined;
  if ("]}".includes(text.charAt(offset)) && offset < text.length) {
    const mend = "Put a space or two before it, or write the whole value on one line.";
    return { reason: `the ${text.charAt(offset)} stands too far to the left`, mend, offset };
  }
  const open = lastOpen(text.slice(0, offset));
  if (open === -1) return undefined;
  const character = text.charAt(open);
  return {
    reason: `the ${character} is never closed`,
    mend: `Add the ${closing[character]} that ends it.`,
    offset: open,
  };
}

/** `description: Note: this` */
function colonInText({ reason, offset, line }: Place): SyntaxFailure | undefined {
  if (!isAboutIndentation(reason)) return undefined;
  const match = /^\s*(?:- )*[^\s:'"][^:]*:\s+(?=[^'"[{\s])/.exec(line.content);
  if (match === null || !/:(?:\s|$)/.test(line.content.slice(match[0].length))) return undefined;
  if (offset < line.start + match[0].length) return undefined;
  return {
    reason: "the text contains a colon with a space after it",
    mend: "Put the whole text in quotes, or give each key its own line.",
    offset: line.start + match[0].length,
  };
}

/** `description: "Note" of today` */
function textAfterQuote({ text, reason, offset, line }: Place): SyntaxFailure | undefined {
  if (!isAboutIndentation(reason)) return undefined;
  if (!/["'\]}]\s*$/.test(text.slice(line.start, offset))) return undefined;
  return {
    reason: "there is something after the end of the value",
    mend: "Remove it, or put the whole value in quotes.",
    offset,
  };
}

/** `version 1.0.0` */
function missingColon({ text, reason, line }: Place): SyntaxFailure | undefined {
  if (!isAboutKeys(reason)) return undefined;
  for (const candidate of [lineBefore(text, line), line]) {
    if (candidate === undefined || !/^\s*\w[\w.-]*(?:\s[^#:]*)?$/.test(candidate.content)) continue;
    const offset = candidate.start + candidate.content.search(/\S/);
    return { reason: "the line has no colon", mend: 'Write "key: value".', offset };
  }
  return undefined;
}

function missingComma({ reason, offset }: Place): SyntaxFailure | undefined {
  if (!reason.startsWith("missed comma")) return undefined;
  return { reason: "a comma is missing between two entries", mend: "Separate entries in brackets by commas.", offset };
}

function wrongEscape({ reason, offset }: Place): SyntaxFailure | undefined {
  if (!/escape|hexadecimal/.test(reason)) return undefined;
  return { reason: "there is no such escape", mend: "Write a backslash twice, or use single quotes.", offset };
}

function wrongIndentation({ reason, line }: Place): SyntaxFailure | undefined {
  if (!/indentation|document separator is expected/.test(reason)) return undefined;
  return {
    reason: "the line does not fit the ones above it",
    mend: "Let the keys of one mapping begin in the same column, and those inside it two spaces further right.",
    offset: line.start + Math.max(0, line.content.search(/\S/)),
  };
}

function isAboutKeys(reason: string): boolean {
  return /multiline key|after a mapping key|key-value separator|document separator is expected/.test(reason);
}

function isAboutIndentation(reason: string): boolean {
  return reason.startsWith("bad indentation of a mapping");
}

const closing: Readonly<Record<string, string>> = { '"': '"', "'": "'", "[": "]", "{": "}" };

/** The offset of the last quote or bracket that is still open at the end of the text; -1 where there is none. */
function lastOpen(text: string): number {
  const open: number[] = [];
  for (const { 0: found, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|(?<![\w])'[^']*'?|#[^\n]*|[[\]{}]/gs)) {
    if (found === "]" || found === "}") open.pop();
    else if (found === "[" || found === "{") open.push(index);
    else if (!found.startsWith("#") && (found.length === 1 || found.at(-1) !== found.at(0))) open.push(index);
  }
  return open.at(-1) ?? -1;
}

function lineAt(text: string, offset: number): Line {
  // At offset 0 a search backwards would begin at the character itself.
  const start = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", start);
  return { start, content: text.slice(start, end === -1 ? text.length : end) };
}

/** The nearest line above that is neither empty nor a comment. */
function lineBefore(text: string, line: Line): Line | undefined {
  for (let before = line; before.start > 0; ) {
    before = lineAt(text, before.start - 1);
    if (/^\s*[^#\s]/.test(before.content)) return before;
  }
  return undefined;
}
