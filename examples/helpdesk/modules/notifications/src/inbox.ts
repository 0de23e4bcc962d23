import { type Page, type PageQuery, pageOf } from "@helpdesk/paging";
import type { Database } from "@plinth/database";
import { type Selectable, sql } from "kysely";
import type { NewNotification, Notifications } from "./contract.ts";
import type { Tables } from "./tables.ts";

/** A notification as its user sees it. */
export interface Notification extends Omit<NewNotification, "to"> {
  readonly id: number;
  readonly at: Date;
  readonly isRead: boolean;
}

const defaultLimit = 50;

/** The notifications of all users, in the database. */
export class Inbox implements Notifications {
  readonly #db: Database;
  readonly #keep: number;

  /** @param keep how many notifications a user has at most. */
  constructor(db: Database, keep: number) {
    this.#db = db;
    this.#keep = keep;
  }

  async send({ to, kind, message, link }: NewNotification): Promise<void> {
    await this.#db.kysely<Tables>().insertInto("notifications").values({ user_id: to, kind, message, link }).execute();
    await this.#db.query(
      `delete from notifications where user_id = $1 and id <= (
         select id from notifications where user_id = $1 order by id desc offset $2 limit 1
       )`,
      [to, this.#keep],
    );
  }

  /** The notifications of a user, the latest first. */
  async list(userId: string, query: PageQuery & { readonly unread?: boolean }): Promise<Page<Notification>> {
    const { limit = defaultLimit, cursor, unread = false } = query;
    let rows = this.#db
      .kysely<Tables>()
      .selectFrom("notifications")
      .selectAll()
      .where("user_id", "=", userId)
      .orderBy("id", "desc")
      .limit(limit + 1);
    if (cursor !== undefined) rows = rows.where("id", "<", Number(cursor));
    if (unread) rows = rows.where("read_at", "is", null);
    return pageOf(await rows.execute(), limit, ({ id }) => id, view);
  }

  /** Marks what a user has read: everything up to a notification, the newest one that was seen. */
  async markRead(userId: string, upTo: number): Promise<void> {
    await this.#db
      .kysely<Tables>()
      .updateTable("notifications")
      .set({ read_at: sql<Date>`now()` })
      .where("user_id", "=", userId)
      .where("id", "<=", upTo)
      .where("read_at", "is", null)
      .execute();
  }
}

function view({ id, kind, message, link, created_at, read_at }: Selectable<Tables["notifications"]>): Notification {
  return { id, kind, message, link, at: created_at, isRead: read_at !== null };
}
