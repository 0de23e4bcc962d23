import type { ConnectionPool } from "../connection.ts";
import { readLedger } from "./ledger.ts";
import type { ModuleMigrations } from "./migration-file.ts";
import { type ModulePlan, type PlanPolicy, planMigrations } from "./plan.ts";

/** How the database stands against the code. */
export interface MigrationStatus {
  /** In the order given: what is applied, what is pending and what is wrong. */
  readonly modules: readonly ModulePlan[];
  /** Modules that are in the ledger, but not in the list: they have been removed from the platform. */
  readonly unknown: readonly string[];
}

/** Reads the ledger and plans, without the lock and without changing anything. */
export async function migrationStatus(
  pool: ConnectionPool,
  modules: readonly ModuleMigrations[],
  policy: PlanPolicy = { newer: "refuse" },
): Promise<MigrationStatus> {
  const ledger = await readLedger(pool);
  const known = new Set(modules.map(({ module }) => module));
  const unknown = new Set(ledger.map(({ module }) => module).filter((module) => !known.has(module)));
  return { modules: planMigrations(modules, ledger, policy), unknown: [...unknown].sort() };
}
