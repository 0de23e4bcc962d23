import { statSync } from "node:fs";

/** What tells that a file has not been touched: its size, both its times and its number in the file system. */
export type Signature = readonly [size: number, modified: number, changed: number, number: number];

const quietly = { throwIfNoEntry: false } as const;

/** The signature of a file; `undefined` where there is none. */
export function signatureOf(file: string): Signature | undefined {
  const stats = statSync(file, quietly);
  return stats === undefined ? undefined : [stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino];
}

export function isSame(one: Signature | undefined, other: Signature | null | undefined): boolean {
  if (one === undefined || other === undefined || other === null) return false;
  return one[0] === other[0] && one[1] === other[1] && one[2] === other[2] && one[3] === other[3];
}

/** File systems keep times as coarsely as two seconds. */
const coarsestMs = 2000;

/**
 * Whether a file that was looked at at `at` could change again without its signature changing, because
 * its last change is so recent.
 */
export function isTooFresh([, modified, changed]: Signature, at: number): boolean {
  return Math.max(modified, changed) > at - coarsestMs;
}
