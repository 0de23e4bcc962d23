import type { Queries } from "@plinth/database";
import { platformError } from "@plinth/module";
import { nearestHint } from "@plinth/permissions";
import type { Codes } from "./codes.ts";
import { patternForm, patternLimit } from "./pattern.ts";
import { type Effect, grantsOf, type Role, roleNameForm, roleNameLimit } from "./role.ts";

/**
 * Changes of grants inside one transaction. Each resolves to whether it changed anything.
 *
 * A pattern is a full permission code in which `*` stands for whole segments. An old code is taken
 * for the one that has its place.
 */
export interface GrantsEdit {
  /**
   * Creates a role, or makes it what is given.
   *
   * @throws PlatformError `GRANT_ROLE_NAME`, `GRANT_PATTERN` or `GRANT_PATTERN_UNKNOWN`.
   */
  defineRole(role: Role): Promise<void>;
  /** @throws PlatformError `GRANT_ROLE_IN_USE` while somebody has it. */
  removeRole(role: string): Promise<boolean>;
  /**
   * Lets a role allow what fits the pattern, also when it denied that.
   *
   * @throws PlatformError `GRANT_ROLE_UNKNOWN`, `GRANT_PATTERN` or `GRANT_PATTERN_UNKNOWN`.
   */
  grant(role: string, pattern: string): Promise<boolean>;
  /** Lets a role deny what fits the pattern, whatever other roles allow. Throws as {@link grant} does. */
  deny(role: string, pattern: string): Promise<boolean>;
  /** Lets a role neither allow nor deny by this pattern; others that fit the same codes stay. */
  revoke(role: string, pattern: string): Promise<boolean>;
  /** Gives a role to somebody. @throws PlatformError `GRANT_ROLE_UNKNOWN`. */
  assign(principal: string, role: string): Promise<boolean>;
  /** Takes a role from somebody. */
  unassign(principal: string, role: string): Promise<boolean>;
}

/** The changes that a transaction makes. The caller has locked the grants. */
export function editGrants(queries: Queries, codes: Codes): GrantsEdit {
  async function changes(sql: string, parameters: readonly unknown[]): Promise<boolean> {
    return (await queries.query(sql, parameters)).rowCount > 0;
  }

  async function mustExist(role: string): Promise<void> {
    const { rows } = await queries.query<{ name: string }>("select name from grants.roles");
    const names = rows.map(({ name }) => name);
    if (names.includes(role)) return;
    throw platformError("GRANT_ROLE_UNKNOWN", { role, hint: nearestHint(role, names, "Define it first.") });
  }

  /** Old codes go with the one that has their place: a version before would still find them. */
  function forgetPredecessors(role: string, pattern: string): Promise<boolean> {
    return changes("delete from grants.role_grants where role = $1 and pattern = any($2)", [
      role,
      codes.predecessorsOf(pattern),
    ]);
  }

  async function put(role: string, written: string, effect: Effect): Promise<boolean> {
    const pattern = checkedPattern(written, codes);
    await mustExist(role);
    const forgotten = await forgetPredecessors(role, pattern);
    const changed = await changes(
      `insert into grants.role_grants as there (role, pattern, effect) values ($1, $2, $3)
       on conflict (role, pattern) do update set effect = excluded.effect where there.effect <> excluded.effect`,
      [role, pattern, effect],
    );
    return changed || forgotten;
  }

  return {
    async defineRole({ name, description, allow, deny }) {
      if (name.length > roleNameLimit || !new RegExp(roleNameForm).test(name)) {
        throw platformError("GRANT_ROLE_NAME", { role: name });
      }
      // A pattern that is in both lists is denied, as a deny outweighs an allow.
      const effects = new Map(grantsOf({ allow, deny }).map((grant) => [checkedPattern(grant.pattern, codes), grant]));
      await queries.query(
        `insert into grants.roles (name, description) values ($1, $2)
         on conflict (name) do update set description = excluded.description`,
        [name, description],
      );
      await queries.query("delete from grants.role_grants where role = $1", [name]);
      for (const [pattern, { effect }] of effects) {
        await queries.query("insert into grants.role_grants (role, pattern, effect) values ($1, $2, $3)", [
          name,
          pattern,
          effect,
        ]);
      }
    },
    async removeRole(role) {
      const { rows } = await queries.query<{ count: number }>(
        "select count(*) as count from grants.assignments where role = $1",
        [role],
      );
      const count = Number(rows[0]?.count);
      if (count > 0) throw platformError("GRANT_ROLE_IN_USE", { role, count });
      return changes("delete from grants.roles where name = $1", [role]);
    },
    grant: (role, pattern) => put(role, pattern, "allow"),
    deny: (role, pattern) => put(role, pattern, "deny"),
    async revoke(role, written) {
      const pattern = codes.follow(written);
      const forgotten = await forgetPredecessors(role, pattern);
      const parameters = [role, [written, pattern]];
      const changed = await changes("delete from grants.role_grants where role = $1 and pattern = any($2)", parameters);
      return changed || forgotten;
    },
    async assign(principal, role) {
      await mustExist(role);
      return changes("insert into grants.assignments (principal, role) values ($1, $2) on conflict do nothing", [
        principal,
        role,
      ]);
    },
    unassign: (principal, role) =>
      changes("delete from grants.assignments where principal = $1 and role = $2", [principal, role]),
  };
}

/** @throws PlatformError `GRANT_PATTERN` or `GRANT_PATTERN_UNKNOWN`. */
function checkedPattern(written: string, codes: Codes): string {
  if (written.length > patternLimit || !new RegExp(patternForm).test(written)) {
    throw platformError("GRANT_PATTERN", { pattern: written });
  }
  if (codes.isUseful(written)) return codes.follow(written);
  const hint = nearestHint(written, codes.all, "platformctl permissions list shows all codes.");
  throw platformError("GRANT_PATTERN_UNKNOWN", { pattern: written, hint });
}
