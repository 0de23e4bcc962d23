import type { Duration } from "./manifest.ts";

/** The form of a duration, as a regular expression that JSON Schema's `pattern` understands too. */
export const durationPattern = "^\\d+(?:\\.\\d+)?(?:ms|s|m)$";

const form = new RegExp(durationPattern);
const unitMs = { ms: 1, s: 1000, m: 60_000 } as const;

/** Whether `value` is a duration such as `500ms`, `30s`, `1.5s` or `2m`. */
export function isDuration(value: unknown): value is Duration {
  return typeof value === "string" && form.test(value);
}

/** The milliseconds of a duration; `undefined` where the text is none. */
export function parseDuration(text: string): number | undefined {
  if (!isDuration(text)) return undefined;
  const unit = text.endsWith("ms") ? "ms" : text.endsWith("s") ? "s" : "m";
  return Number.parseFloat(text) * unitMs[unit];
}
