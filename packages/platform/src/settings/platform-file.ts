import { type PlatformError, platformError } from "@plinth/module";
import { positionAt } from "../../../kernel/src/manifest/position.ts";
import { createTextReader } from "../../../kernel/src/manifest/read-text.ts";
import { parseYaml, positionOf } from "../../../kernel/src/manifest/yaml-document.ts";
import { isRecord } from "./json-schema.ts";
import type { Layer } from "./layers.ts";

/** Reads platform.yaml under the same limits as a manifest. A file with nothing in it gives no values. */
export function readPlatformFile(file: string): {
  readonly layer: Layer | undefined;
  readonly problems: readonly PlatformError[];
} {
  const text = createTextReader().read(file);
  if (typeof text !== "string") return { layer: undefined, problems: [text] };
  const document = parseYaml(text);
  if ("reason" in document) {
    const at = [{ file, ...positionAt(text, document.offset) }];
    return { layer: undefined, problems: [platformError("SETTINGS_FILE", { reason: document.reason }, { at })] };
  }
  const problems = document.flaws.map((flaw) =>
    flaw.toError(flaw.offsets.map((offset) => ({ file, ...positionAt(text, offset) }))),
  );
  const values = document.value ?? {};
  if (!isRecord(values)) {
    const at = [{ file, ...positionOf(document, [], "value") }];
    return {
      layer: undefined,
      problems: [...problems, platformError("SETTINGS_FILE", { reason: "it holds no settings" }, { at })],
    };
  }
  const originOf: Layer["originOf"] = (path, part) => ({
    kind: "file",
    at: { file, ...positionOf(document, path, part) },
  });
  return { layer: { values, originOf }, problems };
}
