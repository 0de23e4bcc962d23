import { distance } from "fastest-levenshtein";

/** The candidate that `written` most likely means; `undefined` where none is near enough. Ties go to the first. */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  // Two letters that changed places are two edits.
  const limit = written.length < 4 ? 1 : Math.max(2, Math.floor(written.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - written.length) >= bestDistance) continue;
    const far = distance(written, candidate);
    if (far < bestDistance) [best, bestDistance] = [candidate, far];
  }
  return best;
}
