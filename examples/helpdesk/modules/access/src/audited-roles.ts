import type { AuditTrail } from "@helpdesk/audit";
import type { Grants, Role } from "@plinth/grants";
import type { Principal } from "@plinth/permissions";

/** Changes of roles, each with its entry in the audit trail: both are kept or neither. */
export class AuditedRoles {
  readonly #grants: Grants;
  readonly #audit: AuditTrail;

  constructor(grants: Grants, audit: AuditTrail) {
    this.#grants = grants;
    this.#audit = audit;
  }

  /** Creates a role, or makes it what is given. */
  async define(role: Role, by: Principal): Promise<void> {
    const { name, allow, deny } = role;
    await this.#grants.change(async (edit, transaction) => {
      await edit.defineRole(role);
      const subject = { type: "role", id: name };
      await this.#audit.record(transaction, { action: "role.defined", actor: by, subject, details: { allow, deny } });
    });
  }

  /** Gives a role that exists to a user; does nothing when the user has it. `by` is left out at the start. */
  async assign(userId: string, role: string, by?: Principal): Promise<void> {
    await this.#grants.change(async (edit, transaction) => {
      if (!(await edit.assign(userId, role))) return;
      const subject = { type: "user", id: userId };
      await this.#audit.record(transaction, { action: "role.assigned", actor: by, subject, details: { role } });
    });
  }

  /** Takes a role from a user; does nothing when the user does not have it. */
  async revoke(userId: string, role: string, by: Principal): Promise<void> {
    await this.#grants.change(async (edit, transaction) => {
      if (!(await edit.unassign(userId, role))) return;
      const subject = { type: "user", id: userId };
      await this.#audit.record(transaction, { action: "role.revoked", actor: by, subject, details: { role } });
    });
  }
}
