import type { Users } from "@helpdesk/identity";
import { type Page, type PageQuery, pageOf } from "@helpdesk/paging";
import type { Database } from "@plinth/database";
import type { TicketState } from "./contract.ts";
import type { Tables } from "./tables.ts";
import { peopleOf, type Reply, type TicketRow, type TicketSummary, viewReply, viewSummary } from "./ticket.ts";

/** Whose tickets somebody sees: only those of one customer, or all. */
export type Scope = { readonly customerId: string } | "all";

/** Which tickets are asked for. */
export interface TicketQuery extends PageQuery {
  readonly state?: TicketState;
  /** The id of a user, or `none` for tickets that nobody is responsible for. */
  readonly assignee?: string;
}

/** Tickets and replies, read from the database. */
export class TicketReader {
  readonly #db: Database;
  readonly #users: Users;
  readonly #pageSize: number;

  constructor(db: Database, users: Users, pageSize: number) {
    this.#db = db;
    this.#users = users;
    this.#pageSize = pageSize;
  }

  find(reference: string, scope: Scope): Promise<TicketRow | undefined> {
    let row = this.#db.kysely<Tables>().selectFrom("tickets").selectAll().where("reference", "=", reference);
    if (scope !== "all") row = row.where("customer_id", "=", scope.customerId);
    return row.executeTakeFirst();
  }

  /** The latest first. */
  async list(query: TicketQuery, scope: Scope): Promise<Page<TicketSummary>> {
    const { limit = this.#pageSize, cursor, state, assignee } = query;
    let select = this.#db
      .kysely<Tables>()
      .selectFrom("tickets")
      .selectAll()
      .orderBy("id", "desc")
      .limit(limit + 1);
    if (scope !== "all") select = select.where("customer_id", "=", scope.customerId);
    if (cursor !== undefined) select = select.where("id", "<", Number(cursor));
    if (state !== undefined) select = select.where("state", "=", state);
    if (assignee === "none") select = select.where("assignee_id", "is", null);
    else if (assignee !== undefined) select = select.where("assignee_id", "=", assignee);
    const rows = await select.execute();
    const people = rows.flatMap(({ customer_id, assignee_id }) => [customer_id, assignee_id]);
    const person = await peopleOf(this.#users, people);
    return pageOf(
      rows,
      limit,
      ({ id }) => id,
      (row) => viewSummary(row, person),
    );
  }

  /** The replies to a ticket, the first one first. */
  async replies(ticket: TicketRow, { limit = this.#pageSize, cursor = "0" }: PageQuery): Promise<Page<Reply>> {
    const rows = await this.#db
      .kysely<Tables>()
      .selectFrom("replies")
      .selectAll()
      .where("ticket_id", "=", ticket.id)
      .where("id", ">", Number(cursor))
      .orderBy("id")
      .limit(limit + 1)
      .execute();
    const person = await peopleOf(
      this.#users,
      rows.map(({ author_id }) => author_id),
    );
    return pageOf(
      rows,
      limit,
      ({ id }) => id,
      (row) => viewReply(row, person),
    );
  }
}
