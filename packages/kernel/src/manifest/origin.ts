import type { SourceLocation } from "@plinth/module";
import { keyText } from "./key-text.ts";
import { printable } from "./text.ts";
import { positionOf, writtenAt, type YamlDocument } from "./yaml-document.ts";
import type { ValuePath } from "./yaml-events.ts";

/** Where the value of a manifest came from, for the errors about it. */
export interface Origin {
  /** The manifest's file, absolute; `undefined` for an inline one. */
  readonly file: string | undefined;
  /** The key at `path` as a sentence names it. */
  describe(path: ValuePath): string;
  at(path: ValuePath, part: "key" | "value"): readonly SourceLocation[];
  /** Values about which something has been reported already, so that more would only confuse. */
  readonly spoilt: readonly ValuePath[];
  /** How the scalar at `path` is written; empty where that is not known. */
  written(path: ValuePath): string;
}

/** A manifest that was read from a file. */
export function fileOrigin(file: string, document: YamlDocument): Origin {
  return {
    file,
    spoilt: document.flaws.flatMap(({ spoils }) => (spoils === undefined ? [] : [spoils])),
    describe: keyText,
    at: (path, part) => [{ file, ...positionOf(document, path, part) }],
    written: (path) => writtenAt(document, path),
  };
}

/** A manifest that stands in code. Its messages name the module, because no file does. */
export function inlineOrigin(name: unknown): Origin {
  const module = typeof name === "string" ? ` of the manifest of "${printable(name)}"` : " of an inline manifest";
  return {
    file: undefined,
    spoilt: [],
    describe: (path) => `${keyText(path)}${module}`,
    at: () => [],
    written: () => "",
  };
}
