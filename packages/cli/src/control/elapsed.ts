const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Milliseconds as people say how long something has gone on: `45 s`, `3 min`, `2 h 5 min`, `4 d 3 h`. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < minute) return `${seconds} s`;
  if (seconds < hour) return `${Math.floor(seconds / minute)} min`;
  if (seconds < day) return both(Math.floor(seconds / hour), "h", Math.floor((seconds % hour) / minute), "min");
  return both(Math.floor(seconds / day), "d", Math.floor((seconds % day) / hour), "h");
}

function both(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Milliseconds as people say how long something took: `84 ms`, `2.4 s`, `75 s`. */
export function took(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}
