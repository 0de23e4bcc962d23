import type { AuditTrail } from "@helpdesk/audit";
import type { Database } from "@plinth/database";
import type { Principal } from "@plinth/permissions";
import type { Grant } from "./grant.ts";
import type { GrantSource } from "./roles-authorizer.ts";
import type { Tables } from "./tables.ts";

/** A role and the patterns of what it allows and denies. */
export interface Role {
  readonly name: string;
  readonly description: string;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** The roles, their grants and their assignments in the database. */
export class RoleBook implements GrantSource {
  readonly #db: Database;
  readonly #audit: AuditTrail;
  readonly #defaultRole: string;

  /** @param defaultRole the role of users who have been given none. */
  constructor(db: Database, audit: AuditTrail, defaultRole: string) {
    this.#db = db;
    this.#audit = audit;
    this.#defaultRole = defaultRole;
  }

  async revision(): Promise<number> {
    const { number } = await this.#db
      .kysely<Tables>()
      .selectFrom("revision")
      .select("number")
      .executeTakeFirstOrThrow();
    return number;
  }

  async grantsOf(userId: string): Promise<readonly Grant[]> {
    const { rows } = await this.#db.query<Grant>(
      `with assigned as (select role from assignments where user_id = $1)
       select pattern, effect from grants
       where role in (select role from assigned)
         or (role = $2 and not exists (select from assigned))`,
      [userId, this.#defaultRole],
    );
    return rows;
  }

  /** All roles, by name. */
  async list(): Promise<readonly Role[]> {
    const { rows } = await this.#db.query<Role>(
      `select name, description,
         coalesce(array_agg(pattern order by pattern) filter (where effect = 'allow'), '{}') as allow,
         coalesce(array_agg(pattern order by pattern) filter (where effect = 'deny'), '{}') as deny
       from roles left join grants on role = name
       group by name
       order by name`,
    );
    return rows;
  }

  async exists(role: string): Promise<boolean> {
    const row = await this.#db
      .kysely<Tables>()
      .selectFrom("roles")
      .select("name")
      .where("name", "=", role)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Creates a role, or makes it what is given. */
  async define({ name, description, allow, deny }: Role, by: Principal): Promise<void> {
    // A pattern that is in both lists is denied, as a deny outweighs an allow.
    const effects = new Map([
      ...allow.map((pattern) => [pattern, "allow"] as const),
      ...deny.map((pattern) => [pattern, "deny"] as const),
    ]);
    const grants = [...effects].map(([pattern, effect]) => ({ role: name, pattern, effect }));
    await this.#db.transaction(async (transaction) => {
      const tables = transaction.kysely<Tables>();
      await tables
        .insertInto("roles")
        .values({ name, description })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ description }))
        .execute();
      await tables.deleteFrom("grants").where("role", "=", name).execute();
      if (grants.length > 0) await tables.insertInto("grants").values(grants).execute();
      const subject = { type: "role", id: name };
      await this.#audit.record(transaction, { action: "role.defined", actor: by, subject, details: { allow, deny } });
    });
  }

  /** The roles that a user was given. */
  async assignedTo(userId: string): Promise<readonly string[]> {
    const rows = await this.#db
      .kysely<Tables>()
      .selectFrom("assignments")
      .select("role")
      .where("user_id", "=", userId)
      .orderBy("role")
      .execute();
    return rows.map(({ role }) => role);
  }

  /** The roles that count for a user: those that the user was given, else the default role. */
  async rolesOf(userId: string): Promise<readonly string[]> {
    const assigned = await this.assignedTo(userId);
    return assigned.length > 0 ? assigned : [this.#defaultRole];
  }

  /** Gives a role that exists to a user; does nothing when the user has it. `by` is left out at the start. */
  async assign(userId: string, role: string, by?: Principal): Promise<void> {
    await this.#db.transaction(async (transaction) => {
      const assigned = await transaction
        .kysely<Tables>()
        .insertInto("assignments")
        .values({ user_id: userId, role })
        .onConflict((conflict) => conflict.doNothing())
        .returning("role")
        .executeTakeFirst();
      if (assigned === undefined) return;
      const subject = { type: "user", id: userId };
      await this.#audit.record(transaction, { action: "role.assigned", actor: by, subject, details: { role } });
    });
  }

  /** Takes a role from a user; does nothing when the user does not have it. */
  async revoke(userId: string, role: string, by: Principal): Promise<void> {
    await this.#db.transaction(async (transaction) => {
      const revoked = await transaction
        .kysely<Tables>()
        .deleteFrom("assignments")
        .where("user_id", "=", userId)
        .where("role", "=", role)
        .returning("role")
        .executeTakeFirst();
      if (revoked === undefined) return;
      const subject = { type: "user", id: userId };
      await this.#audit.record(transaction, { action: "role.revoked", actor: by, subject, details: { role } });
    });
  }
}
