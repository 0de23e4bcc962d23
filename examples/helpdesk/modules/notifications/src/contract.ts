import { type ServiceRef, service } from "@plinth/module";

/** What somebody is to be told. */
export interface NewNotification {
  /** The user who is told. */
  readonly to: string;
  /** The thing and what happened to it, for programs: `ticket.answered`. */
  readonly kind: string;
  /** For people, one line. */
  readonly message: string;
  /** Where it can be read, as a path on this platform. */
  readonly link: string;
}

/** Tells users of what happened. */
export interface Notifications {
  send(notification: NewNotification): Promise<void>;
}

/** Tells users of what happened. */
export const Notifications: ServiceRef<Notifications> = service<Notifications>("notifications.notifications");
