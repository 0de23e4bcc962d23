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
    // A key or a value inside the deepest allowed container is one level further down.
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
  // The parser keeps silent about directives that it does not know.
  const directive = first.explicitStart ? text.search(/^%/m) : -1;
  if (directive !== -1 && directive < separatorAfter(text, [])) {
    flaws.push(ofWhole(directive, (at) => platformError("MANIFEST_DIRECTIVE", {}, { at })));
  }
  if (end < events.length) {
    const offset = separatorAfter(text, events.slice(0, end));
    flaws.push(ofWhole(offset, (at) => platformError("MANIFEST_SEVERAL_DOCUMENTS", {}, { at })));
  }
  return flaws;
}

/** The offset of the line that ends the first document. */
function separatorAfter(text: string, events: readonly Event[]): number {
  const separator = /^(?:---|\.\.\.)(?=\s|$)/gm;
  separator.lastIndex = events.reduce((latest, event) => Math.max(latest, startOf(event) + 1), 0);
  return separator.exec(text)?.index ?? 0;
}
