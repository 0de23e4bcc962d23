import { nearest } from "@plinth/module";

/** A mend that names the candidate that `written` most likely meant, or `otherwise` where none is near. */
export function nearestHint(written: string, candidates: readonly string[], otherwise: string): string {
  const meant = nearest(written, candidates);
  return meant === undefined ? otherwise : `Did you mean "${meant}"?`;
}
