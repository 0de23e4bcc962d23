import { printable } from "./text.ts";
import type { ValuePath } from "./yaml-events.ts";

/** A path as messages show it: `"timeouts.start"`, `"modules[2]"`; `the manifest` for the root. */
export function keyText(path: ValuePath): string {
  if (path.length === 0) return "the manifest";
  const joined = path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`),
    "",
  );
  return `"${printable(joined)}"`;
}
