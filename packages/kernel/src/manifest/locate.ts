import type { SourceLocation } from "@plinth/module";
import { readText } from "./read-text.ts";
import { parseYaml, positionOf, type YamlDocument } from "./yaml-document.ts";
import type { ValuePath } from "./yaml-events.ts";

/** Finds the place of the key at `path` in a YAML file, or of the item of a list. */
export type Locate = (file: string, path: ValuePath) => SourceLocation;

/**
 * The place of the key at `path`, for an error about it. Reads the file again, so it is for when
 * something is wrong. What is not there is placed at the nearest key above it; of a file that cannot
 * be read only the name is told.
 */
export const locate: Locate = (file, path) => placeIn(file, readDocument(file), path);

/** A {@link locate} that reads each file once, for many questions about the same state of the files. */
export function createLocate(): Locate {
  const documents = new Map<string, YamlDocument | undefined>();
  return (file, path) => {
    if (!documents.has(file)) documents.set(file, readDocument(file));
    return placeIn(file, documents.get(file), path);
  };
}

function readDocument(file: string): YamlDocument | undefined {
  const text = readText(file);
  if (typeof text !== "string") return undefined;
  const parsed = parseYaml(text);
  return "reason" in parsed ? undefined : parsed;
}

function placeIn(file: string, document: YamlDocument | undefined, path: ValuePath): SourceLocation {
  return document === undefined ? { file } : { file, ...positionOf(document, path, "key") };
}
