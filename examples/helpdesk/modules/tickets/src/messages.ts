import type { NewNotification, Notifications } from "@helpdesk/notifications";
import type { Logger } from "@plinth/module";
import type { Person, TicketRow } from "./ticket.ts";

/**
 * Tells people what happened to their tickets, where there are notifications. Nobody is told of what
 * they did themselves. A message that cannot be sent is logged: what it tells of has happened.
 */
export class Messages {
  readonly #notifications: Notifications | undefined;
  readonly #prefix: string;
  readonly #log: Logger;

  /** @param prefix the path under which tickets are read. */
  constructor(notifications: Notifications | undefined, prefix: string, log: Logger) {
    this.#notifications = notifications;
    this.#prefix = prefix;
    this.#log = log;
  }

  /** To the customer of an answer, to who is responsible of a customer's reply. */
  replied(ticket: TicketRow, isAnswer: boolean, by: Person): Promise<void> {
    return isAnswer
      ? this.#send(ticket, ticket.customer_id, by, "ticket.answered", "answered your ticket")
      : this.#send(ticket, ticket.assignee_id, by, "ticket.replied", "replied to ticket");
  }

  assigned(ticket: TicketRow, by: Person): Promise<void> {
    return this.#send(ticket, ticket.assignee_id, by, "ticket.assigned", "made you responsible for ticket");
  }

  async closed(ticket: TicketRow, by: Person): Promise<void> {
    await this.#send(ticket, ticket.customer_id, by, "ticket.closed", "closed your ticket");
    if (by.id === ticket.customer_id) {
      await this.#send(ticket, ticket.assignee_id, by, "ticket.closed", "closed ticket");
    }
  }

  reopened(ticket: TicketRow, by: Person): Promise<void> {
    return this.#send(ticket, ticket.assignee_id, by, "ticket.reopened", "opened again ticket");
  }

  async #send(ticket: TicketRow, to: string | null, by: Person, kind: string, did: string): Promise<void> {
    if (this.#notifications === undefined || to === null || to === by.id) return;
    const { reference, subject } = ticket;
    const link = `${this.#prefix}/${reference}`;
    const notification: NewNotification = { to, kind, link, message: `${by.name} ${did} ${reference}: ${subject}` };
    try {
      await this.#notifications.send(notification);
    } catch (error) {
      this.#log.warn({ err: error, kind, reference }, `nobody was told: ${notification.message}`);
    }
  }
}
