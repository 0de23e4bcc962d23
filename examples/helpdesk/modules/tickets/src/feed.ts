import type { Database } from "@plinth/database";
import type { FollowedTicket, TicketFeed } from "./contract.ts";

interface Row extends FollowedTicket {
  readonly changedIn: string;
  readonly id: number;
}

const beginning = { changedIn: "0", id: 0 };

/** The feed, in the order of the transactions that changed tickets. */
export function ticketFeed(db: Database): TicketFeed {
  return {
    async changedSince(position, limit) {
      const from = await pastIn(db, positionOf(position));
      const { rows } = await db.query<Row>(
        `select
           reference, subject, state, customer_id as "customerId", assignee_id as "assigneeId", opened_at as "openedAt",
           first_answered_at as "firstAnsweredAt", closed_at as "closedAt", changed_in::text as "changedIn", id
         from tickets
         where (changed_in, id) > ($1::xid8, $2) and changed_in < pg_snapshot_xmin(pg_current_snapshot())
         order by changed_in, id limit $3`,
        [from.changedIn, from.id, limit],
      );
      const last = rows.at(-1) ?? from;
      const tickets = rows.map(({ changedIn: _, id: __, ...ticket }): FollowedTicket => ticket);
      return { tickets, position: `${last.changedIn}.${last.id}` };
    },
  };
}

function positionOf(position: string | undefined): typeof beginning {
  const [, changedIn, id] = /^(\d+)\.(\d+)$/.exec(position ?? "") ?? [];
  return changedIn === undefined ? beginning : { changedIn, id: Number(id) };
}

/** A position in the future is one of another database, which this one was restored from: it says nothing here. */
async function pastIn(db: Database, position: typeof beginning): Promise<typeof beginning> {
  if (position === beginning) return position;
  const { rows } = await db.query<{ isPast: boolean }>(
    `select $1::xid8 < pg_snapshot_xmax(pg_current_snapshot()) as "isPast"`,
    [position.changedIn],
  );
  return rows[0]?.isPast === true ? position : beginning;
}
