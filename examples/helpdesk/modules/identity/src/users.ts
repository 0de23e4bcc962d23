import type { AuditTrail } from "@helpdesk/audit";
import { type Page, type PageQuery, pageOf } from "@helpdesk/paging";
import type { Database } from "@plinth/database";
import { type Selectable, sql } from "kysely";
import type { User, Users } from "./contract.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import type { Tables } from "./tables.ts";

/** What somebody tells when registering. */
export interface Registration {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

const columns = ["id", "name", "email"] as const;
const defaultLimit = 50;

/** The users in the database. */
export class UserDirectory implements Users {
  readonly #db: Database;
  readonly #audit: AuditTrail;

  constructor(db: Database, audit: AuditTrail) {
    this.#db = db;
    this.#audit = audit;
  }

  /**
   * Creates a user.
   *
   * @param seededRole the role that the user is created for at a start; left out for people who register.
   * @returns `undefined` when the address has a user already.
   */
  async register({ email, name, password }: Registration, seededRole?: string): Promise<User | undefined> {
    const password_hash = await hashPassword(password);
    return this.#db.transaction(async (transaction) => {
      const user = await transaction
        .kysely<Tables>()
        .insertInto("users")
        .values({ email: normalEmail(email), name, password_hash, seeded_role: seededRole ?? null })
        .onConflict((conflict) => conflict.column("email").doNothing())
        .returning(columns)
        .executeTakeFirst();
      if (user === undefined) return undefined;
      await this.#audit.record(transaction, {
        action: "user.registered",
        actor: seededRole === undefined ? user : undefined,
        subject: { type: "user", id: user.id },
        ...(seededRole === undefined ? {} : { details: { seededRole } }),
      });
      return user;
    });
  }

  /** The user with this address, if the password fits. */
  async withPassword(email: string, password: string): Promise<User | undefined> {
    const row = await this.#db
      .kysely<Tables>()
      .selectFrom("users")
      .select([...columns, "password_hash"])
      .where("email", "=", normalEmail(email))
      .executeTakeFirst();
    const fits = await verifyPassword(password, row?.password_hash);
    return row !== undefined && fits ? userOf(row) : undefined;
  }

  async find(ids: Iterable<string>): Promise<ReadonlyMap<string, User>> {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0) return new Map();
    const rows = await this.#db
      .kysely<Tables>()
      .selectFrom("users")
      .select(columns)
      .where("id", "=", sql<string>`any(${wanted}::uuid[])`)
      .execute();
    return new Map(rows.map((row) => [row.id, userOf(row)]));
  }

  /** All users by address, or the one with `email`. */
  async list({ limit = defaultLimit, cursor, email }: PageQuery & { readonly email?: string }): Promise<Page<User>> {
    let rows = this.#db
      .kysely<Tables>()
      .selectFrom("users")
      .select(columns)
      .orderBy("email")
      .limit(limit + 1);
    if (cursor !== undefined) rows = rows.where("email", ">", cursor);
    if (email !== undefined) rows = rows.where("email", "=", normalEmail(email));
    return pageOf(await rows.execute(), limit, (row) => row.email, userOf);
  }

  /** Those who were created at a start, and the roles that they were created for. */
  async seeded(): Promise<readonly { readonly user: User; readonly role: string }[]> {
    const rows = await this.#db
      .kysely<Tables>()
      .selectFrom("users")
      .select([...columns, "seeded_role"])
      .where("seeded_role", "is not", null)
      .orderBy("email")
      .execute();
    return rows.flatMap((row) => (row.seeded_role === null ? [] : [{ user: userOf(row), role: row.seeded_role }]));
  }
}

function userOf({ id, name, email }: Pick<Selectable<Tables["users"]>, (typeof columns)[number]>): User {
  return { id, name, email };
}

/** One mailbox is written in several ways; it has one user. */
function normalEmail(email: string): string {
  return email.toLowerCase();
}
