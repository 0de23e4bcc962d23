import type { AuditTrail } from "@helpdesk/audit";
import type { Database, Queries } from "@plinth/database";
import { type Kysely, sql } from "kysely";
import type { Messages } from "./messages.ts";
import { wrongState } from "./problems.ts";
import { newReference } from "./reference.ts";
import type { Tables } from "./tables.ts";
import type { Person, ReplyRow, TicketRow } from "./ticket.ts";
import type { Scope } from "./ticket-reader.ts";

/** Which ticket, among those that somebody may touch. */
export interface Chosen {
  readonly reference: string;
  readonly scope: Scope;
}

/**
 * What is done with tickets. Each change locks its ticket, so that two people at one ticket come one
 * after the other, and is kept together with its entry in the audit trail. Methods on a ticket
 * return `undefined` when there is no such one; those that its state forbids throw HttpProblem 409.
 */
export class Desk {
  readonly #db: Database;
  readonly #audit: AuditTrail;
  readonly #messages: Messages;

  constructor(db: Database, audit: AuditTrail, messages: Messages) {
    this.#db = db;
    this.#audit = audit;
    this.#messages = messages;
  }

  async open({ subject, body }: Pick<TicketRow, "subject" | "body">, by: Person): Promise<TicketRow> {
    for (;;) {
      const ticket = await this.#db.transaction(async (transaction) => {
        const row = await transaction
          .kysely<Tables>()
          .insertInto("tickets")
          .values({ reference: newReference(), subject, body, customer_id: by.id })
          .onConflict((conflict) => conflict.column("reference").doNothing())
          .returningAll()
          .executeTakeFirst();
        if (row !== undefined) await this.#record(transaction, "ticket.opened", row, by);
        return row;
      });
      // Only a reference that was drawn before, once in hundreds of millions, makes it draw again.
      if (ticket !== undefined) return ticket;
    }
  }

  /** A reply of anybody but the customer is an answer; who answers first becomes responsible. */
  async reply(chosen: Chosen, body: string, by: Person): Promise<ReplyRow | undefined> {
    const done = await this.#change(chosen, async (before, tables, transaction) => {
      if (before.state === "closed") throw wrongState(before.reference, before.state, "open it again first");
      const isAnswer = by.id !== before.customer_id;
      const reply = await tables
        .insertInto("replies")
        .values({ ticket_id: before.id, author_id: by.id, is_answer: isAnswer, body })
        .returningAll()
        .executeTakeFirstOrThrow();
      const ticket = await update(tables, before, {
        state: isAnswer ? "answered" : "open",
        ...(isAnswer && before.assignee_id === null ? { assignee_id: by.id } : {}),
        ...(isAnswer && before.first_answered_at === null
          ? { first_answered_at: sql<Date>`now()`, first_answered_by: by.id }
          : {}),
      });
      await this.#record(transaction, isAnswer ? "ticket.answered" : "ticket.replied", ticket, by, { reply: reply.id });
      return { ticket, reply };
    });
    if (done === undefined) return undefined;
    await this.#messages.replied(done.ticket, done.reply.is_answer, by);
    return done.reply;
  }

  /** @param assignee who is responsible from now on; `null` for nobody. */
  async assign(chosen: Chosen, assignee: string | null, by: Person): Promise<TicketRow | undefined> {
    const ticket = await this.#change(chosen, async (before, tables, transaction) => {
      const after = await update(tables, before, { assignee_id: assignee });
      await this.#record(transaction, "ticket.assigned", after, by, { assignee });
      return after;
    });
    if (ticket !== undefined) await this.#messages.assigned(ticket, by);
    return ticket;
  }

  async close(chosen: Chosen, by: Person): Promise<TicketRow | undefined> {
    const ticket = await this.#change(chosen, async (before, tables, transaction) => {
      if (before.state === "closed") throw wrongState(before.reference, before.state, "there is nothing to close");
      const after = await update(tables, before, { state: "closed", closed_at: sql<Date>`now()`, closed_by: by.id });
      await this.#record(transaction, "ticket.closed", after, by);
      return after;
    });
    if (ticket !== undefined) await this.#messages.closed(ticket, by);
    return ticket;
  }

  async reopen(chosen: Chosen, by: Person): Promise<TicketRow | undefined> {
    const ticket = await this.#change(chosen, async (before, tables, transaction) => {
      if (before.state !== "closed")
        throw wrongState(before.reference, before.state, "only a closed one is opened again");
      const after = await update(tables, before, { state: "open", closed_at: null, closed_by: null });
      await this.#record(transaction, "ticket.reopened", after, by);
      return after;
    });
    if (ticket !== undefined) await this.#messages.reopened(ticket, by);
    return ticket;
  }

  #change<Result>(
    { reference, scope }: Chosen,
    work: (before: TicketRow, tables: Kysely<Tables>, transaction: Queries) => Promise<Result>,
  ): Promise<Result | undefined> {
    return this.#db.transaction(async (transaction) => {
      const tables = transaction.kysely<Tables>();
      let select = tables.selectFrom("tickets").selectAll().where("reference", "=", reference).forUpdate();
      if (scope !== "all") select = select.where("customer_id", "=", scope.customerId);
      const before = await select.executeTakeFirst();
      return before === undefined ? undefined : work(before, tables, transaction);
    });
  }

  #record(
    transaction: Queries,
    action: string,
    { reference }: TicketRow,
    by: Person,
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    return this.#audit.record(transaction, { action, actor: by, subject: { type: "ticket", id: reference }, details });
  }
}

function update(tables: Kysely<Tables>, { id }: TicketRow, values: object): Promise<TicketRow> {
  return tables
    .updateTable("tickets")
    .set({ ...values, updated_at: sql<Date>`now()` })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
