import type { AuditTrail } from "@helpdesk/audit";
import type { Database } from "@plinth/database";
import type { Clock } from "@plinth/module";
import type { Principal } from "@plinth/permissions";
import type { User } from "./contract.ts";
import { newToken, tokenHash } from "./session-token.ts";
import type { Tables } from "./tables.ts";

/** A sign-in that has just been made. */
export interface OpenedSession {
  /** Given out once; only its hash is kept. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** A sign-in as its user sees it. */
export interface Session {
  readonly id: string;
  readonly openedAt: Date;
  readonly expiresAt: Date;
  /** Whether it is the one that the request came with. */
  readonly current: boolean;
}

/** Somebody who is signed in, and by which session. */
export interface SignedIn extends Principal {
  readonly name: string;
  readonly claims: { readonly sessionId: string };
}

/** The most sessions of one user; a further one ends the oldest. */
const sessionLimit = 20;

/** The sessions in the database. */
export class Sessions {
  readonly #db: Database;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;
  readonly #lifeMs: number;

  constructor(db: Database, audit: AuditTrail, clock: Clock, lifeMs: number) {
    this.#db = db;
    this.#audit = audit;
    this.#clock = clock;
    this.#lifeMs = lifeMs;
  }

  async open(user: User): Promise<OpenedSession> {
    const token = newToken();
    const expiresAt = new Date(this.#clock.wallTime() + this.#lifeMs);
    await this.#db.transaction(async (transaction) => {
      const tables = transaction.kysely<Tables>();
      const { id } = await tables
        .insertInto("sessions")
        .values({ user_id: user.id, token_hash: tokenHash(token), expires_at: expiresAt })
        .returning("id")
        .executeTakeFirstOrThrow();
      await tables
        .deleteFrom("sessions")
        .where("id", "in", (sessions) =>
          sessions
            .selectFrom("sessions")
            .select("id")
            .where("user_id", "=", user.id)
            .where("id", "!=", id)
            .orderBy("created_at", "desc")
            .offset(sessionLimit - 1),
        )
        .execute();
      await this.#audit.record(transaction, {
        action: "session.opened",
        actor: user,
        subject: { type: "session", id },
      });
    });
    return { token, expiresAt };
  }

  /** Whom a token signs in; `undefined` for one that is unknown or has expired. */
  async signedIn(token: string): Promise<SignedIn | undefined> {
    const row = await this.#db
      .kysely<Tables>()
      .selectFrom("sessions")
      .innerJoin("users", "users.id", "sessions.user_id")
      .select(["users.id", "users.name", "sessions.id as session_id"])
      .where("token_hash", "=", tokenHash(token))
      .where("expires_at", ">", this.#now())
      .executeTakeFirst();
    return row && { id: row.id, name: row.name, claims: { sessionId: row.session_id } };
  }

  /** The sessions of somebody, the latest first. */
  async list(of: SignedIn): Promise<readonly Session[]> {
    const rows = await this.#db
      .kysely<Tables>()
      .selectFrom("sessions")
      .select(["id", "created_at", "expires_at"])
      .where("user_id", "=", of.id)
      .where("expires_at", ">", this.#now())
      .orderBy("created_at", "desc")
      .execute();
    return rows.map(({ id, created_at, expires_at }) => ({
      id,
      openedAt: created_at,
      expiresAt: expires_at,
      current: id === of.claims.sessionId,
    }));
  }

  /** Ends a session of `by`; says whether there was such a one. */
  close(id: string, by: SignedIn): Promise<boolean> {
    return this.#db.transaction(async (transaction) => {
      const closed = await transaction
        .kysely<Tables>()
        .deleteFrom("sessions")
        .where("id", "=", id)
        .where("user_id", "=", by.id)
        .returning("id")
        .executeTakeFirst();
      if (closed === undefined) return false;
      await this.#audit.record(transaction, { action: "session.closed", actor: by, subject: { type: "session", id } });
      return true;
    });
  }

  /** Deletes what has expired, and says how many. */
  async deleteExpired(): Promise<number> {
    const { rowCount } = await this.#db.query("delete from sessions where expires_at <= $1", [this.#now()]);
    return rowCount;
  }

  #now(): Date {
    return new Date(this.#clock.wallTime());
  }
}
