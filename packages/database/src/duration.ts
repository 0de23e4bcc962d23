const units = { ms: 1, s: 1000, m: 60_000 } as const;

/** The pattern of a duration as people write it: `500ms`, `30s`, `2m`. */
export const durationPattern = "^\\d+(ms|s|m)$";

/** Milliseconds of a duration. The text must match {@link durationPattern}. */
export function milliseconds(duration: string): number {
  const match = /^(\d+)(ms|s|m)$/.exec(duration);
  if (match === null) throw new TypeError(`"${duration}" is not a duration`);
  return Number(match[1]) * units[match[2] as keyof typeof units];
}
