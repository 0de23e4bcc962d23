import { parseYaml } from "@plinth/kernel";

/**
 * Reads a value in YAML or JSON, as it stands in a variable or a flag.
 *
 * @throws Error that says what is wrong with it.
 */
export function parseFlowValue(text: string): unknown {
  const document = parseYaml(text);
  if ("reason" in document) throw new Error(document.reason);
  const [flaw] = document.flaws;
  if (flaw !== undefined) throw new Error(flaw.toError([]).message);
  return document.value;
}
