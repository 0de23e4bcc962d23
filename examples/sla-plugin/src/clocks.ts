import type { FollowedTicket, TicketFeed } from "@helpdesk/tickets";
import type { Database, Queries } from "@plinth/database";
import type { Deadline, Kind } from "./deadline.ts";
import type { Priority } from "./targets.ts";

/** Tickets that are read in one go. */
const pageSize = 200;

/** A ticket's deadline with what one must know to do something about it. */
export interface TicketDeadline extends Deadline {
  readonly reference: string;
  readonly subject: string;
  readonly customerId: string;
  readonly assigneeId: string | null;
  readonly priority: Priority;
}

const deadlineColumns = `reference, subject, customer_id as "customerId", assignee_id as "assigneeId", priority, kind,
  due_at as "dueAt", done_at as "doneAt"`;

/** Keeps up with the tickets, and says what is due. */
export class Clocks {
  readonly #db: Database;
  readonly #feed: TicketFeed;

  constructor(db: Database, feed: TicketFeed) {
    this.#db = db;
    this.#feed = feed;
  }

  /**
   * Takes in all changes of tickets since the last time. A page and how far it leads are kept together,
   * so that an end in between costs nothing.
   */
  async follow(signal: AbortSignal): Promise<void> {
    const { rows } = await this.#db.query<{ position: string }>("select position from followed");
    let position = rows[0]?.position;
    for (;;) {
      signal.throwIfAborted();
      const changes = await this.#feed.changedSince(position, pageSize);
      if (changes.tickets.length === 0) return;
      position = changes.position;
      await this.#db.transaction((transaction) => take(transaction, changes.tickets, changes.position));
    }
  }

  /** Both deadlines of a ticket; none for one that is not known. */
  async of(reference: string): Promise<readonly TicketDeadline[]> {
    const { rows } = await this.#db.query<TicketDeadline>(
      `select ${deadlineColumns} from deadlines where reference = $1 order by due_at`,
      [reference],
    );
    return rows;
  }

  /** Deadlines for what has not been done yet, the soonest first. */
  async due(limit: number): Promise<readonly TicketDeadline[]> {
    const { rows } = await this.#db.query<TicketDeadline>(
      `select ${deadlineColumns} from deadlines where done_at is null order by due_at, reference, kind limit $1`,
      [limit],
    );
    return rows;
  }

  /** @returns whether there is such a ticket. */
  async setPriority(reference: string, priority: Priority): Promise<boolean> {
    const { rowCount } = await this.#db.query("update clocks set priority = $2 where reference = $1", [
      reference,
      priority,
    ]);
    return rowCount === 1;
  }

  /** Records the deadlines that have passed, and returns those that were not known to. */
  async findBreaches(): Promise<readonly TicketDeadline[]> {
    const { rows } = await this.#db.query<TicketDeadline>(
      `with found as (
         insert into breaches (reference, kind, due_at)
         select reference, kind, due_at from deadlines where due_at < coalesce(done_at, now())
         on conflict do nothing
         returning reference, kind
       )
       select ${deadlineColumns} from deadlines join found using (reference, kind) order by due_at`,
    );
    return rows;
  }

  /** How many tickets that were opened in a time missed a deadline, by what it was for. */
  async missed(from: Date, to: Date): Promise<Readonly<Record<Kind, number>>> {
    const { rows } = await this.#db.query<{ readonly kind: Kind; readonly number: number }>(
      `select kind, count(*)::float8 as number from breaches join clocks using (reference)
       where opened_at >= $1 and opened_at < $2 group by kind`,
      [from, to],
    );
    const count = (kind: Kind) => rows.find((row) => row.kind === kind)?.number ?? 0;
    return { answer: count("answer"), close: count("close") };
  }
}

async function take(transaction: Queries, tickets: readonly FollowedTicket[], position: string): Promise<void> {
  const column = <Key extends keyof FollowedTicket>(key: Key) => tickets.map((ticket) => ticket[key]);
  await transaction.query(
    `insert into clocks (reference, subject, customer_id, assignee_id, opened_at, first_answered_at, closed_at)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[])
     on conflict (reference) do update set
       subject = excluded.subject, assignee_id = excluded.assignee_id,
       first_answered_at = excluded.first_answered_at, closed_at = excluded.closed_at`,
    [
      column("reference"),
      column("subject"),
      column("customerId"),
      column("assigneeId"),
      column("openedAt"),
      column("firstAnsweredAt"),
      column("closedAt"),
    ],
  );
  await transaction.query(
    "insert into followed (position) values ($1) on conflict (only_row) do update set position = excluded.position",
    [position],
  );
}
