import type { Database } from "@plinth/database";
import type { AgentFigures, TicketFigures, TicketStatistics } from "./contract.ts";

type Totals = Omit<TicketFigures, "byState" | "agents"> & TicketFigures["byState"];

const period = "opened_at >= $1 and opened_at < $2";
const toFirstAnswer = "avg(extract(epoch from first_answered_at - opened_at))::float8";
const toClose = "avg(extract(epoch from closed_at - opened_at))::float8";

/** Figures that the database counts. */
export function ticketStatistics(db: Database): TicketStatistics {
  return {
    async openedBetween(from, to) {
      const { rows: totals } = await db.query<Totals>(
        `select
           count(*) as opened,
           count(*) filter (where state = 'open') as open,
           count(*) filter (where state = 'answered') as answered,
           count(*) filter (where state = 'closed') as closed,
           ${toFirstAnswer} as "meanSecondsToFirstAnswer",
           ${toClose} as "meanSecondsToClose"
         from tickets where ${period}`,
        [from, to],
      );
      const { rows: agents } = await db.query<AgentFigures>(
        `with
           answering as (
             select first_answered_by as agent, count(*) as number, ${toFirstAnswer} as mean
             from tickets where ${period} and first_answered_by is not null group by agent
           ),
           closing as (
             select closed_by as agent, count(*) as number, ${toClose} as mean
             from tickets where ${period} and closed_by <> customer_id group by agent
           )
         select
           agent as "userId",
           coalesce(answering.number, 0) as "firstAnswers",
           answering.mean as "meanSecondsToFirstAnswer",
           coalesce(closing.number, 0) as closed,
           closing.mean as "meanSecondsToClose"
         from answering full join closing using (agent)
         order by agent`,
        [from, to],
      );
      const [total] = totals;
      if (total === undefined) throw new Error("an aggregate without a row");
      const { open, answered, closed, ...figures } = total;
      return { ...figures, byState: { open, answered, closed }, agents };
    },
  };
}
