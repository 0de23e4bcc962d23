import { closest, distance } from "fastest-levenshtein";

/** A mend that names the candidate that `written` most likely meant, or `otherwise` where none is near. */
export function nearestHint(written: string, candidates: readonly string[], otherwise: string): string {
  if (candidates.length === 0) return otherwise;
  const nearest = closest(written, candidates);
  return distance(written, nearest) <= Math.max(2, Math.floor(written.length / 8))
    ? `Did you mean "${nearest}"?`
    : otherwise;
}
