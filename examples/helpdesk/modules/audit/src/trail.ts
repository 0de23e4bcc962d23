import type { AuditTrail } from "./contract.ts";

/**
 * The trail for the module with this name. It writes on the transaction of that module, on which
 * unqualified names are that module's tables: hence the schema in front of the table.
 */
export function trailOf(module: string): AuditTrail {
  return {
    async record(transaction, { action, actor, subject, details = {} }) {
      await transaction.query(
        `insert into audit.events (module, action, actor_id, actor_name, subject_type, subject_id, details)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [module, action, actor?.id ?? null, actor?.name ?? null, subject.type, subject.id, JSON.stringify(details)],
      );
    },
  };
}
