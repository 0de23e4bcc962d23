import { flawErrors, parseYaml, positionAt, positionOf, readText } from "@plinth/kernel";
import { type PlatformError, platformError } from "@plinth/module";
import { isRecord } from "./json-schema.ts";
import type { Layer } from "./layers.ts";

/** Reads platform.yaml under the same limits as a manifest. A file with nothing in it gives no values. */
export function readPlatformFile(file: string): {
  readonly layer: Layer | undefined;
  readonly problems: readonly PlatformError[];
} {
  const text = readText(file);
  if (typeof text !== "string") return { layer: undefined, problems: [text] };
  const document = parseYaml(text);
  if ("reason" in document) {
    const { reason, mend, offset } = document;
    const at = [{ file, ...positionAt(text, offset) }];
    return { layer: undefined, problems: [platformError("MANIFEST_SYNTAX", { reason, mend }, { at })] };
  }
  const problems = flawErrors(file, document);
  const originOf: Layer["originOf"] = (path, part) => ({
    kind: "file",
    at: { file, ...positionOf(document, path, part) },
  });
  const values = document.value ?? {};
  if (isRecord(values)) return { layer: { values, originOf }, problems };
  const at = [{ file, ...positionOf(document, [], "value") }];
  return { layer: undefined, problems: [...problems, platformError("SETTINGS_NOT_A_MAPPING", {}, { at })] };
}
