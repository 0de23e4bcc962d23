import { type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import {
  type AliasEvent,
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from "js-yaml";
import { keyText } from "./key-text.ts";
import { describeValue, printable } from "./text.ts";
import { findNode, skipNode, startOf, type ValuePath } from "./yaml-events.ts";
import { resolvePlain } from "./yaml-scalar.ts";

/** How many mappings and lists of a manifest may stand inside each other. */
export const depthLimit = 32;

/** Keys that reach into the prototype of an object. */
export const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Something in a document that YAML allows and a manifest does not. */
export interface Flaw {
  /** The value that cannot be relied on because of it; `undefined` where what is left still can. */
  readonly spoils: ValuePath | undefined;
  /** Where it stands in the text, the most telling place first. */
  readonly offsets: readonly number[];
  readonly toError: (at: readonly SourceLocation[]) => PlatformError;
}

/** What a document says, and what is wrong with it. */
export interface ReadValue {
  /** Plain objects, arrays, strings, finite numbers, booleans and null. What a flaw concerns is left out or null. */
  readonly value: unknown;
  readonly flaws: readonly Flaw[];
  /** The index of the event after the document. */
  readonly end: number;
}

interface Reading {
  readonly text: string;
  readonly events: readonly Event[];
  readonly path: (string | number)[];
  readonly flaws: Flaw[];
  index: number;
}

/** Builds the value of the first document in the event stream of a parser. */
export function readValue(text: string, events: readonly Event[]): ReadValue {
  const reading: Reading = { text, events, path: [], flaws: [], index: 1 };
  const value = readNode(reading, 1);
  return { value, flaws: reading.flaws, end: reading.index + 1 };
}

function readNode(reading: Reading, depth: number): unknown {
  const event = reading.events[reading.index];
  switch (event?.type) {
    case EVENT_ID.SCALAR:
      reading.index += 1;
      return readScalar(reading, event);
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      noteProperties(reading, event);
      if (depth > depthLimit) {
        note(reading, startOf(event), (at) => platformError("MANIFEST_TOO_DEEP", { limit: depthLimit }, { at }));
        reading.index = skipNode(reading.events, reading.index);
        return null;
      }
      reading.index += 1;
      return event.type === EVENT_ID.MAPPING ? readMapping(reading, event, depth) : readSequence(reading, depth);
    case EVENT_ID.ALIAS:
      reading.index += 1;
      noteAlias(reading, event);
      return null;
    default:
      return null;
  }
}

function readSequence(reading: Reading, depth: number): unknown[] {
  const items: unknown[] = [];
  while (reading.index < reading.events.length && reading.events[reading.index]?.type !== EVENT_ID.POP) {
    reading.path.push(items.length);
    items.push(readNode(reading, depth + 1));
    reading.path.pop();
  }
  reading.index += 1;
  return items;
}

function readMapping(reading: Reading, { style }: MappingEvent, depth: number): Record<string, unknown> {
  const mapping: Record<string, unknown> = {};
  const first = reading.index;
  for (;;) {
    const event = reading.events[reading.index];
    if (event === undefined || event.type === EVENT_ID.POP) break;
    if (style === COLLECTION_STYLE.BLOCK && reading.index > first) checkLineStart(reading, event);
    const key = readKey(reading, event);
    if (key === undefined) {
      reading.index = skipNode(reading.events, reading.index);
      continue;
    }
    reading.path.push(key);
    const known = Object.hasOwn(mapping, key);
    if (known) noteDuplicate(reading, event);
    const value = readNode(reading, depth + 1);
    if (!known) mapping[key] = value;
    reading.path.pop();
  }
  reading.index += 1;
  return mapping;
}

/** The parser takes a key that follows a value on the same line in some places; YAML does not. */
function checkLineStart(reading: Reading, event: Event): void {
  const start = startOf(event);
  let at = start - 1;
  while (at >= 0 && reading.text.charCodeAt(at) === space) at--;
  if (start < 0 || at < 0 || reading.text.charCodeAt(at) === lineFeed || reading.text.charAt(at) === "?") return;
  const values = { reason: "a key stands behind a value", mend: "Begin a new line for each key." };
  noteBeside(reading, [start], (places) => platformError("MANIFEST_SYNTAX", values, { at: places }));
}

const space = 0x20;
const lineFeed = 0x0a;

/** Reads a key and leaves the reading at its value; `undefined` where the key is refused. */
function readKey(reading: Reading, event: Event): string | undefined {
  const { text, events } = reading;
  const at = reading.index;
  reading.index = skipNode(events, at);
  if (event.type !== EVENT_ID.SCALAR) {
    const isAlias = event.type === EVENT_ID.ALIAS;
    const end = isAlias ? event.anchorEnd : startOf(events[reading.index]);
    const written = text.slice(startOf(event), end < 0 ? undefined : end).split(/:?\s/, 1)[0] ?? "";
    noteKeyNotText(reading, event, printable(written), isAlias ? "an alias" : "a structure");
    return undefined;
  }
  noteProperties(reading, event);
  const key = getScalarValue(text, event);
  const value = event.style === SCALAR_STYLE.PLAIN ? resolvePlain(key) : key;
  if (typeof value !== "string") {
    noteKeyNotText(reading, event, printable(key), describeValue(value));
    return undefined;
  }
  if (key === "<<") {
    noteBeside(reading, [startOf(event)], (places) => platformError("MANIFEST_MERGE_KEY", {}, { at: places }));
    return undefined;
  }
  if (forbiddenKeys.has(key)) {
    const shown = keyText([...reading.path, key]);
    noteBeside(reading, [startOf(event)], (places) =>
      platformError("MANIFEST_FORBIDDEN_KEY", { key: shown }, { at: places }),
    );
    return undefined;
  }
  return key;
}

function readScalar(reading: Reading, event: ScalarEvent): unknown {
  noteProperties(reading, event);
  const written = getScalarValue(reading.text, event);
  if (event.style !== SCALAR_STYLE.PLAIN) return written;
  const value = resolvePlain(written);
  if (typeof value === "number" && !isExact(value)) {
    note(reading, startOf(event), (at) => platformError("MANIFEST_NUMBER", { text: printable(written) }, { at }));
  }
  return value;
}

/** Whether a number is the same after a way through JSON, and the one that was written. */
export function isExact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

/** Notes a flaw of the value that is being read. */
function note(reading: Reading, offset: number, toError: Flaw["toError"]): void {
  reading.flaws.push({ spoils: [...reading.path], offsets: [offset], toError });
}

/** Notes a flaw that leaves the rest of the document as it is meant. */
function noteBeside(reading: Reading, offsets: readonly number[], toError: Flaw["toError"]): void {
  reading.flaws.push({ spoils: undefined, offsets, toError });
}

function noteProperties(reading: Reading, event: ScalarEvent | SequenceEvent | MappingEvent): void {
  if (event.tagStart === -1 && event.anchorStart === -1) return;
  const { text } = reading;
  if (event.tagStart !== -1) {
    const shown = printable(text.slice(event.tagStart, event.tagEnd));
    note(reading, event.tagStart, (at) => platformError("MANIFEST_TAG", { text: shown }, { at }));
  }
  if (event.anchorStart !== -1) {
    const shown = printable(text.slice(event.anchorStart - 1, event.anchorEnd));
    const values = { what: "the anchor", text: shown };
    noteBeside(reading, [event.anchorStart - 1], (at) => platformError("MANIFEST_ALIAS", values, { at }));
  }
}

function noteAlias(reading: Reading, event: AliasEvent): void {
  const values = { what: "the alias", text: printable(reading.text.slice(event.anchorStart - 1, event.anchorEnd)) };
  note(reading, startOf(event), (at) => platformError("MANIFEST_ALIAS", values, { at }));
}

function noteKeyNotText(reading: Reading, event: Event, text: string, found: string): void {
  noteBeside(reading, [startOf(event)], (at) => platformError("MANIFEST_KEY_NOT_TEXT", { text, found }, { at }));
}

function noteDuplicate(reading: Reading, second: Event): void {
  const first = findNode(reading.text, reading.events, reading.path)?.key;
  const key = keyText(reading.path);
  noteBeside(reading, [startOf(second), startOf(first)], (at) =>
    platformError("MANIFEST_DUPLICATE_KEY", { key }, { at }),
  );
}
