/** Whole days in UTC: from the beginning of `from` to the end of `to`. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

const dayMs = 86_400_000;
/** The most days of a report: a leap year. */
const longestDays = 366;

/**
 * The period that somebody asks for. Without an end it ends today, without a beginning it has `days` days.
 *
 * @returns a text that says what is wrong, where it is no period.
 */
export function periodOf(asked: Partial<Period>, days: number, nowMs: number): Period | string {
  const to = asked.to ?? dayOf(nowMs);
  const from = asked.from ?? dayOf(Date.parse(to) - (days - 1) * dayMs);
  const length = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  if (length < 1) return `The period begins on ${from}, after its end on ${to}.`;
  return length > longestDays ? `The period has ${length} days; a report covers at most ${longestDays}.` : { from, to };
}

/** The moments at which a period begins and at which it is over. */
export function momentsOf({ from, to }: Period): { readonly begin: Date; readonly end: Date } {
  return { begin: new Date(Date.parse(from)), end: new Date(Date.parse(to) + dayMs) };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
