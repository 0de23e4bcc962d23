import { nearest } from "@plinth/module";

/** A mend that names the candidate that `written` most likely meant, or `otherwise` where none is near. */
export function nearestHint(written: string, candidates: readonly string[], otherwise: string): string {
  // Codes of one module begin alike, so that being alike says less.
  const meant = nearest(written, candidates, Math.max(2, Math.floor(written.length / 8)));
  return meant === undefined ? otherwise : `Did you mean "${meant}"?`;
}
