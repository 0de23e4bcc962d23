/**
 * The candidate that `written` most likely means: the one that the fewest edits lead to, an edit being a
 * letter that is added, left out or another. `undefined` where none is near enough. Ties go to the first.
 *
 * @param limit the most edits. Default: one for words of up to three letters, else two, or a third of the letters.
 */
export function nearest(
  written: string,
  candidates: Iterable<string>,
  // Two letters that changed places are two edits.
  limit: number = written.length < 4 ? 1 : Math.max(2, Math.floor(written.length / 3)),
): string | undefined {
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const far = editDistance(written, candidate, bestDistance);
    if (far < bestDistance) [best, bestDistance] = [candidate, far];
  }
  return best;
}

/** How many edits lead from one word to another; `most` where they are as many or more. */
export function editDistance(from: string, to: string, most = Number.POSITIVE_INFINITY): number {
  if (Math.abs(from.length - to.length) >= most) return most;
  // How many edits lead from the letters of `from` up to here to each beginning of `to`.
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= to.length; column += 1) {
      const kept = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(kept, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    if (Math.min(...next) >= most) return most;
    row = next;
  }
  return row[to.length] ?? most;
}
