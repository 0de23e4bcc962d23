import type { User, Users } from "@helpdesk/identity";
import type { AgentFigures, TicketFigures, TicketStatistics } from "@helpdesk/tickets";
import { momentsOf, type Period } from "./period.ts";

/** What one agent did, with a name to it. */
export type AgentSummary = Omit<AgentFigures, "userId"> & { readonly agent: Pick<User, "id" | "name"> };

/** The report on the tickets that were opened in a period. Means are whole seconds. */
export interface Summary extends Omit<TicketFigures, "agents"> {
  readonly period: Period;
  /** By name. */
  readonly agents: readonly AgentSummary[];
}

export async function summaryOf(period: Period, statistics: TicketStatistics, users: Users): Promise<Summary> {
  const { begin, end } = momentsOf(period);
  const { agents, ...figures } = await statistics.openedBetween(begin, end);
  const people = await users.find(agents.map(({ userId }) => userId));
  const named = agents.map(({ userId, ...did }) => ({
    agent: { id: userId, name: people.get(userId)?.name ?? "" },
    ...rounded(did),
  }));
  named.sort((a, b) => a.agent.name.localeCompare(b.agent.name, "en") || (a.agent.id < b.agent.id ? -1 : 1));
  return { period, ...rounded(figures), agents: named };
}

type Means = Pick<TicketFigures, "meanSecondsToFirstAnswer" | "meanSecondsToClose">;

function rounded<Figures extends Means>(figures: Figures): Figures {
  const { meanSecondsToFirstAnswer, meanSecondsToClose } = figures;
  return {
    ...figures,
    meanSecondsToFirstAnswer: meanSecondsToFirstAnswer === null ? null : Math.round(meanSecondsToFirstAnswer),
    meanSecondsToClose: meanSecondsToClose === null ? null : Math.round(meanSecondsToClose),
  };
}
