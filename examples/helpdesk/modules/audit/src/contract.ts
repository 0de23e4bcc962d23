import type { Queries } from "@plinth/database";
import { type ServiceRef, service } from "@plinth/module";

/** Something that happened, as the module that did it tells it. */
export interface AuditEntry {
  /** The thing and what was done to it: `ticket.closed`. */
  readonly action: string;
  /** Who did it; left out when nobody was signed in. */
  readonly actor?: { readonly id: string; readonly name?: string } | undefined;
  readonly subject: { readonly type: string; readonly id: string };
  /** What else one would ask later. No secrets: whoever may read the trail sees it. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The trail as one module sees it: what the module records carries its name. */
export interface AuditTrail {
  /**
   * Adds to the trail inside the transaction that makes the change, so that both are kept or neither.
   * Given the database itself instead, it is kept at once.
   */
  record(transaction: Queries, entry: AuditEntry): Promise<void>;
}

/** The audit trail. */
export const AuditTrail: ServiceRef<AuditTrail> = service<AuditTrail>("audit.trail");
