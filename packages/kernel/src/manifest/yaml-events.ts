import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from "js-yaml";

/** The steps from the root of a document to a value: keys of mappings and positions in lists. */
export type ValuePath = readonly (string | number)[];

/** The offset in `text` at which the node of `event` begins, with its quote, anchor and tag; -1 for an empty value. */
export function startOf(event: Event | undefined): number {
  switch (event?.type) {
    case EVENT_ID.SCALAR:
      return earliest(event.tagStart, event.anchorStart - 1, event.valueStart === -1 ? -1 : contentStart(event));
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return earliest(event.tagStart, event.anchorStart - 1, event.start);
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    default:
      return -1;
  }
}

function contentStart(event: ScalarEvent): number {
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return quoted ? event.valueStart - 1 : event.valueStart;
}

function earliest(...offsets: readonly number[]): number {
  const present = offsets.filter((offset) => offset >= 0);
  return present.length === 0 ? -1 : Math.min(...present);
}

/** The scalar of `event` as it is written, without quotes resolved. */
export function sourceOf(text: string, event: Event | undefined): string {
  return event?.type === EVENT_ID.SCALAR && event.valueStart >= 0
    ? text.slice(contentStart(event), contentStart(event) === event.valueStart ? event.valueEnd : event.valueEnd + 1)
    : "";
}

/** The index of the event after the node that begins at `index`. */
export function skipNode(events: readonly Event[], index: number): number {
  let open = 0;
  let at = index;
  do {
    const type = events[at]?.type;
    if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) open += 1;
    else if (type === EVENT_ID.POP) open -= 1;
    at += 1;
  } while (open > 0 && at < events.length);
  return at;
}

/** The events of the key and of the value at a path, as far as the document has them. */
export interface Found {
  /** `undefined` for the root and for items of a list. */
  readonly key: Event | undefined;
  readonly value: Event;
}

/** Finds the node at `path`; where the document ends before the path does, the nearest one above it. */
export function findNode(text: string, events: readonly Event[], path: ValuePath): Found | undefined {
  let index = 1;
  const root = events[index];
  if (root === undefined) return undefined;
  let found: Found = { key: undefined, value: root };
  for (const step of path) {
    const next = stepInto(text, events, index, step);
    if (next === undefined) break;
    index = next.index;
    found = { key: next.key, value: events[index] as Event };
  }
  return found;
}

function stepInto(text: string, events: readonly Event[], start: number, step: string | number) {
  const container = events[start];
  let index = start + 1;
  if (container?.type === EVENT_ID.SEQUENCE) {
    for (let item = 0; events[index]?.type !== EVENT_ID.POP; item++, index = skipNode(events, index)) {
      if (item === Number(step)) return { key: undefined, index };
    }
  } else if (container?.type === EVENT_ID.MAPPING) {
    while (index < events.length && events[index]?.type !== EVENT_ID.POP) {
      const key = events[index];
      const value = skipNode(events, index);
      if (key?.type === EVENT_ID.SCALAR && getScalarValue(text, key) === String(step)) return { key, index: value };
      index = skipNode(events, value);
    }
  }
  return undefined;
}
