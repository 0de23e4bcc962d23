import type { Queries } from "@plinth/database";
import { type ServiceRef, service } from "@plinth/module";
import type { GrantsEdit } from "./edit.ts";
import type { GrantMatrix } from "./matrix.ts";
import type { Role } from "./role.ts";

/**
 * The roles of a platform, what they allow and deny, and who has which.
 *
 * What is asked is answered from memory, which is at most half a second behind the database while
 * that answers; a change made here counts in this process before its promise resolves.
 */
export interface Grants extends GrantsEdit {
  /** All roles, by name. */
  roles(): readonly Role[];
  /** The role with this name. */
  role(name: string): Role | undefined;
  /** The roles that somebody was given, by name. */
  assignedRoles(principal: string): readonly string[];
  /** The roles that count for somebody: those given, or else the setting `grants.defaultRole`. */
  rolesOf(principal: string): readonly string[];
  /** The ids of those who were given a role, in no order. */
  principalsWith(role: string): readonly string[];
  /** The full codes of everything that somebody may do, in the order of the catalogue. */
  permissionsOf(principal: string): readonly string[];
  /** Roles by permissions. */
  matrix(): GrantMatrix;
  /** Those of the patterns that fit no permission that can be checked. */
  unknownPatterns(patterns: readonly string[]): readonly string[];
  /**
   * Makes several changes in one transaction, in which `work` may write more, such as who made them.
   * Nothing is changed when it rejects. One change at a time is made on the whole platform.
   */
  change<T>(work: (edit: GrantsEdit, transaction: Queries) => Promise<T>): Promise<T>;
}

/**
 * The platform's grants. As soon as a module requires them they decide on all permissions of the
 * platform, and no module may install another authorizer.
 */
export const Grants: ServiceRef<Grants> = service<Grants>("grants.grants");
