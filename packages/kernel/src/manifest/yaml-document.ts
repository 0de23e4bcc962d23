import { type PlatformError, platformError } from "@plinth/module";
import { EVENT_ID, type Event, parseEvents, YAMLException } from "js-yaml";
import { explainSyntax, type SyntaxFailure } from "./explain-syntax.ts";
import { type Position, positionAt } from "./position.ts";
import { findNode, sourceOf, startOf, type ValuePath } from "./yaml-events.ts";
import { depthLimit, type Flaw, readValue } from "./yaml-value.ts";

/** A text that is YAML, with what it says and what a manifest may not do with YAML. */
export interface YamlDocument {
  readonly text: string;
  readonly value: unknown;
  readonly flaws: readonly Flaw[];
  readonly events: readonly Event[];
}

/**
 * Parses YAML 1.2 with the core schema. The depth is limited before anything recurses.
 */
export function parseYaml(text: string): YamlDocument | SyntaxFailure {
  let events: readonly Event[];
  try {
    // A text inside the deepest allowed container is a level further down, and is tried as a key yet one below.
    events = parseEvents(text, { maxDepth: depthLimit + 2 });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const offset = error.mark?.position ?? 0;
    if (!error.reason.startsWith("nesting exceeded")) return explainSyntax(text, error.reason, offset);
    return { text, value: undefined, events: [], flaws: [tooDeep(offset)] };
  }
  const { value, flaws, end } = readValue(text, events);
  return { text, value, events, flaws: flaws.concat(flawsOfWhole(text, events, end)) };
}

/** The errors that the flaws of a document are, with their places in `file`. */
export function flawErrors(file: string, { text, flaws }: YamlDocument): PlatformError[] {
  return flaws.map(({ offsets, toError }) => toError(offsets.map((offset) => ({ file, ...positionAt(text, offset) }))));
}

/** Where the value at `path` begins, or its key. What is missing stands where the nearest value above it does. */
export function positionOf(document: YamlDocument, path: ValuePath, part: "key" | "value"): Position {
  const found = findNode(document.text, document.events, path);
  const [first, second] = part === "key" ? [found?.key, found?.value] : [found?.value, found?.key];
  const offset = startOf(first) >= 0 ? startOf(first) : startOf(second);
  return positionAt(document.text, Math.max(0, offset));
}

/** The scalar at `path` as the file has it, with its quotes; empty for anything else. */
export function writtenAt(document: YamlDocument, path: ValuePath): string {
  return sourceOf(document.text, findNode(document.text, document.events, path)?.value);
}

function tooDeep(offset: number): Flaw {
  const toError: Flaw["toError"] = (at) => platformError("MANIFEST_TOO_DEEP", { limit: depthLimit }, { at });
  return { spoils: [], offsets: [offset], toError };
}

function ofWhole(offset: number, toError: Flaw["toError"]): Flaw {
  return { spoils: undefined, offsets: [offset], toError };
}

function flawsOfWhole(text: string, events: readonly Event[], end: number): Flaw[] {
  const first = events[0];
  if (first?.type !== EVENT_ID.DOCUMENT) return [];
  const flaws: Flaw[] = [];
  // Few manifests have a line of this kind, and then the parser is more lenient than YAML.
  if (first.explicitStart || text.includes("..."))
    flaws.push(...flawsBefore(text, first.explicitStart, startOf(events[1])));
  if (end < events.length) {
    const offset = markerAfter(text, events.slice(0, end));
    flaws.push(ofWhole(offset, (at) => platformError("MANIFEST_SEVERAL_DOCUMENTS", {}, { at })));
  }
  return flaws;
}

/** What is wrong with the lines above the content, which begins at `content` (-1 where there is none). */
function flawsBefore(text: string, hasStart: boolean, content: number): Flaw[] {
  const above = content === -1 ? text : text.slice(0, content);
  const directive = above.search(/^%/m);
  if (hasStart && directive !== -1) {
    return [ofWhole(directive, (at) => platformError("MANIFEST_DIRECTIVE", {}, { at }))];
  }
  const stray = above.search(hasStart ? /^(?:\.\.\.| +---)/m : /^\.\.\./m);
  if (stray === -1) return [];
  const values = { reason: "a document marker stands in the wrong place", mend: "Delete the marker." };
  return [ofWhole(stray, (at) => platformError("MANIFEST_SYNTAX", values, { at }))];
}

/** The offset of the line that ends the first document. */
function markerAfter(text: string, events: readonly Event[]): number {
  const marker = /^(?:---|\.\.\.)(?=\s|$)/gm;
  marker.lastIndex = events.reduce((latest, event) => Math.max(latest, startOf(event) + 1), 0);
  return marker.exec(text)?.index ?? 0;
}
