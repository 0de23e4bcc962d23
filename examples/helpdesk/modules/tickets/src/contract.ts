import { type ServiceRef, service } from "@plinth/module";

/** Where a ticket stands. `open` waits for an agent, `answered` for the customer. */
export type TicketState = "open" | "answered" | "closed";

/** What one agent did for tickets. Means are seconds, `null` where there is nothing to take a mean of. */
export interface AgentFigures {
  readonly userId: string;
  readonly firstAnswers: number;
  readonly meanSecondsToFirstAnswer: number | null;
  readonly closed: number;
  readonly meanSecondsToClose: number | null;
}

/** Figures of a set of tickets, as they are now. Times count from when a ticket was opened first. */
export interface TicketFigures {
  readonly opened: number;
  readonly byState: Readonly<Record<TicketState, number>>;
  readonly meanSecondsToFirstAnswer: number | null;
  readonly meanSecondsToClose: number | null;
  /** Those who gave a first answer or closed somebody else's ticket, by their ids. */
  readonly agents: readonly AgentFigures[];
}

/** Figures on tickets, for other modules. */
export interface TicketStatistics {
  /** Of the tickets that were opened from `from` on and before `to`. */
  openedBetween(from: Date, to: Date): Promise<TicketFigures>;
}

/** Figures on tickets, for other modules. */
export const TicketStatistics: ServiceRef<TicketStatistics> = service<TicketStatistics>("tickets.statistics");
