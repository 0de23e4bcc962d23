import type { Codes } from "./codes.ts";
import { Rights } from "./rights.ts";
import { type Grant, grantsOf, type Role } from "./role.ts";
import type { Reading, StoredRoles } from "./stored.ts";

/** Roles that somebody has together; all who have the same share one. */
interface RoleSet {
  readonly roles: readonly string[];
  /** Made when it is first asked for. */
  rights: Rights | undefined;
}

const none: readonly string[] = [];

/** The grants of a platform in memory. It answers without asking anybody. */
export class Snapshot {
  readonly #codes: () => Codes;
  readonly #defaultRole: string | undefined;
  readonly #sets = new Map<string, RoleSet>();
  readonly #principals = new Map<string, RoleSet>();
  #stored: StoredRoles = { descriptions: new Map(), grants: [] };
  #roles: readonly Role[] | undefined;
  #revision: number | undefined;

  /**
   * @param codes the permissions of the platform now; call {@link forgetRights} when they change.
   * @param defaultRole the role of those who have been given none.
   */
  constructor(codes: () => Codes, defaultRole: string | undefined) {
    this.#codes = codes;
    this.#defaultRole = defaultRole;
  }

  /** Of the last reading; `undefined` before the first. */
  get revision(): number | undefined {
    return this.#revision;
  }

  /** Takes in what was read. Readings must come in the order of their revisions. */
  take({ revision, roles, isWhole, assignments }: Reading): void {
    if (isWhole) this.#principals.clear();
    for (const { principal, roles: assigned } of assignments) {
      if (assigned.length === 0) this.#principals.delete(principal);
      else this.#principals.set(principal, this.#setOf(assigned));
    }
    this.#stored = roles;
    this.#revision = revision;
    this.forgetRights();
  }

  /** All that the readings so far have come to, as one. */
  get whole(): Reading {
    const assignments = [...this.#principals].map(([principal, { roles }]) => ({ principal, roles }));
    return { revision: this.#revision ?? -1, roles: this.#stored, isWhole: true, assignments };
  }

  /** To be called when what roles say, or what permissions there are, has changed. */
  forgetRights(): void {
    this.#roles = undefined;
    for (const set of this.#sets.values()) set.rights = undefined;
  }

  /** @param code full, and one that has no successor. */
  allows(principal: string, code: string): boolean {
    const set = this.#principals.get(principal) ?? this.#defaultSet();
    set.rights ??= this.#rightsOf(set);
    return set.rights.allows(code);
  }

  /** All roles by name. Old codes are shown as those that decide in their place. */
  get roles(): readonly Role[] {
    this.#roles ??= effectiveRoles(this.#stored, this.#codes());
    return this.#roles;
  }

  /** The stored patterns, as they are. */
  get stored(): StoredRoles {
    return this.#stored;
  }

  /** The roles that a principal was given. */
  assignedRoles(principal: string): readonly string[] {
    return this.#principals.get(principal)?.roles ?? none;
  }

  /** The roles that count for a principal: those given, else the default role. */
  rolesOf(principal: string): readonly string[] {
    return (this.#principals.get(principal) ?? this.#defaultSet()).roles;
  }

  /** The ids of those who were given a role, in no order. */
  principalsWith(role: string): readonly string[] {
    return [...this.#principals].flatMap(([principal, { roles }]) => (roles.includes(role) ? [principal] : []));
  }

  /** The default role, when there is no role of that name. */
  get missingDefault(): string | undefined {
    const name = this.#defaultRole;
    return name === undefined || this.#stored.descriptions.has(name) ? undefined : name;
  }

  #defaultSet(): RoleSet {
    return this.#setOf(this.#defaultRole === undefined ? none : [this.#defaultRole]);
  }

  #setOf(roles: readonly string[]): RoleSet {
    const key = roles.join(" ");
    let set = this.#sets.get(key);
    if (set === undefined) {
      set = { roles, rights: undefined };
      this.#sets.set(key, set);
    }
    return set;
  }

  #rightsOf({ roles }: RoleSet): Rights {
    const counting = new Set(roles);
    return new Rights(this.roles.filter(({ name }) => counting.has(name)).flatMap(grantsOf));
  }
}

/** The roles as they count: an old code as its successor, and a deny before an allow of the same pattern. */
export function effectiveRoles({ descriptions, grants }: StoredRoles, codes: Codes): readonly Role[] {
  const byRole = Map.groupBy(grants, ({ role }) => role);
  return [...descriptions].map(([name, description]) => {
    const effects = new Map<string, Grant["effect"]>();
    for (const { pattern, effect } of byRole.get(name) ?? []) {
      const followed = codes.follow(pattern);
      if (effects.get(followed) !== "deny") effects.set(followed, effect);
    }
    const having = (wanted: Grant["effect"]) =>
      [...effects].flatMap(([pattern, effect]) => (effect === wanted ? [pattern] : [])).sort();
    return { name, description, allow: having("allow"), deny: having("deny") };
  });
}
