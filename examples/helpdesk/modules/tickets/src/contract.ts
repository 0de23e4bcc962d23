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

/** A ticket as those see it who follow all of them: what it is about, whose it is, and its times. */
export interface FollowedTicket {
  readonly reference: string;
  readonly subject: string;
  readonly state: TicketState;
  readonly customerId: string;
  readonly assigneeId: string | null;
  readonly openedAt: Date;
  readonly firstAnsweredAt: Date | null;
  readonly closedAt: Date | null;
}

/** Some of the tickets that have changed. */
export interface TicketChanges {
  /** Each as it is now, in the order of their last changes. */
  readonly tickets: readonly FollowedTicket[];
  /** From where to go on: to be kept, and handed in the next time. */
  readonly position: string;
}

/** Tickets as they change, for modules that keep something about each. */
export interface TicketFeed {
  /**
   * Up to `limit` tickets that were opened or changed since `position`; from the very first one without
   * it. None is left out, whenever its transaction ends; none that has not changed is told twice.
   */
  changedSince(position: string | undefined, limit: number): Promise<TicketChanges>;
}

/** Tickets as they change, for modules that keep something about each. */
export const TicketFeed: ServiceRef<TicketFeed> = service<TicketFeed>("tickets.feed");
