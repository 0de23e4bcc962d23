import type { Duration } from "./manifest.ts";

/** The form of a duration, as a regular expression that JSON Schema's `pattern` understands too. */
export const durationPattern = "^\\d+(?:\\.\\d+)?(?:ms|s|m|h)$";

const form = new RegExp(durationPattern);
const units = [
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
] as const;

/** Whether `value` is a duration such as `500ms`, `30s`, `1.5s`, `2m` or `12h`. */
export function isDuration(value: unknown): value is Duration {
  return typeof value === "string" && form.test(value);
}

/** The milliseconds of a duration; `undefined` where the text is none. */
export function parseDuration(text: string): number | undefined {
  if (!isDuration(text)) return undefined;
  const [, unitMs] = units.find(([unit]) => text.endsWith(unit)) ?? ["ms", 1];
  return Number.parseFloat(text) * unitMs;
}
