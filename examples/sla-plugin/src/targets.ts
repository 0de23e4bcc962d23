import type { Database } from "@plinth/database";
import { durationText } from "./duration-text.ts";

/** How urgent a ticket is. */
export const priorities = ["low", "normal", "high", "urgent"] as const;
export type Priority = (typeof priorities)[number];

/** How soon a ticket of a priority must be answered and closed, as durations such as `8h`. */
export interface Target {
  readonly priority: Priority;
  readonly answer: string;
  readonly close: string;
}

interface Row {
  readonly priority: Priority;
  readonly answer: number;
  readonly close: number;
}

/** The least urgent first. */
export async function readTargets(db: Database): Promise<readonly Target[]> {
  const { rows } = await db.query<Row>(
    `select priority, answer_ms::float8 as answer, close_ms::float8 as close from targets order by answer_ms desc`,
  );
  return rows.map(({ priority, answer, close }) => ({
    priority,
    answer: durationText(answer),
    close: durationText(close),
  }));
}

/** Counts for all tickets of this priority from now on, also for those that wait already. In milliseconds. */
export async function changeTarget(db: Database, priority: Priority, answerMs: number, closeMs: number): Promise<void> {
  await db.query("update targets set answer_ms = $2, close_ms = $3 where priority = $1", [priority, answerMs, closeMs]);
}
