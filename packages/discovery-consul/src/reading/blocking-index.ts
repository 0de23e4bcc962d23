/** What to do after an answer. */
export interface IndexStep {
  /** The index of the next query; 0 asks for an answer at once. */
  readonly index: number;
  /** The server's index went back: it lost its state, or another one answered that is behind. */
  readonly backwards: boolean;
  /** The answer has the index that was asked with: nothing has changed since. */
  readonly unchanged: boolean;
}

/**
 * The index to ask with next.
 *
 * @param sent The index of the query; 0 when it was the first one, or after a fault.
 * @param header The answer's `X-Consul-Index`. Missing, no number or below 1 counts as 1, so that no query
 *   is answered at once for ever.
 */
export function nextIndex(sent: number, header: string | undefined): IndexStep {
  const said = Number(header);
  const answered = Number.isSafeInteger(said) && said > 0 ? said : 1;
  if (answered < sent) return { index: 0, backwards: true, unchanged: false };
  return { index: answered, backwards: false, unchanged: answered === sent };
}
