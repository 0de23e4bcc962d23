import type { User, Users } from "@helpdesk/identity";
import type { Selectable } from "kysely";
import type { TicketState } from "./contract.ts";
import type { Tables } from "./tables.ts";

/** Somebody as others see them. */
export type Person = Pick<User, "id" | "name">;

/** A ticket as it is shown in a list. */
export interface TicketSummary {
  readonly reference: string;
  readonly subject: string;
  readonly state: TicketState;
  readonly customer: Person;
  /** Who is responsible. */
  readonly assignee: Person | null;
  readonly openedAt: Date;
  readonly updatedAt: Date;
  readonly firstAnsweredAt: Date | null;
  readonly closedAt: Date | null;
}

/** A ticket with what the customer asked. Replies are a list of their own. */
export interface Ticket extends TicketSummary {
  readonly body: string;
}

/** A reply as it is shown. */
export interface Reply {
  readonly id: number;
  readonly author: Person;
  /** Whether it answers the customer, rather than being the customer's own. */
  readonly isAnswer: boolean;
  readonly body: string;
  readonly at: Date;
}

export type TicketRow = Selectable<Tables["tickets"]>;
export type ReplyRow = Selectable<Tables["replies"]>;

/** Looks the names of all people in some rows up at once; gives the function that puts them in. */
export async function peopleOf(users: Users, ids: readonly (string | null)[]): Promise<(id: string) => Person> {
  const found = await users.find(ids.filter((id) => id !== null));
  return (id) => ({ id, name: found.get(id)?.name ?? "" });
}

export function viewSummary(row: TicketRow, person: (id: string) => Person): TicketSummary {
  return {
    reference: row.reference,
    subject: row.subject,
    state: row.state,
    customer: person(row.customer_id),
    assignee: row.assignee_id === null ? null : person(row.assignee_id),
    openedAt: row.opened_at,
    updatedAt: row.updated_at,
    firstAnsweredAt: row.first_answered_at,
    closedAt: row.closed_at,
  };
}

export async function viewTicket(row: TicketRow, users: Users): Promise<Ticket> {
  const person = await peopleOf(users, [row.customer_id, row.assignee_id]);
  return { ...viewSummary(row, person), body: row.body };
}

export function viewReply(
  { id, author_id, is_answer, body, written_at }: ReplyRow,
  person: (id: string) => Person,
): Reply {
  return { id, author: person(author_id), isAnswer: is_answer, body, at: written_at };
}
