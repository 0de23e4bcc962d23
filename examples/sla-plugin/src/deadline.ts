/** What a deadline is for: the first answer to a ticket, or its end. */
export type Kind = "answer" | "close";

/** A deadline of a ticket, as the database has it. */
export interface Deadline {
  readonly kind: Kind;
  readonly dueAt: Date;
  /** When what it is for was done; `null` until then. */
  readonly doneAt: Date | null;
}

/** Where a deadline stands. */
export type Standing = "waiting" | "overdue" | "met" | "missed";

/** A deadline that is reached to the millisecond is met. */
export function standingOf({ dueAt, doneAt }: Deadline, nowMs: number): Standing {
  const inTime = (doneAt?.getTime() ?? nowMs) <= dueAt.getTime();
  if (doneAt === null) return inTime ? "waiting" : "overdue";
  return inTime ? "met" : "missed";
}
