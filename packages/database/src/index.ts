export { type DatabaseOptions, databaseCapability } from "./capability.ts";
export type {
  AnyRow,
  Connection,
  ConnectionOwner,
  ConnectionPool,
  HeldConnection,
  MigrationSession,
  NotificationListener,
  StatementResult,
  TaggedResult,
} from "./connection.ts";
export { Database, type Queries, type TransactionOptions } from "./database.ts";
export { maskedUrl } from "./masked-url.ts";
export { type CollectedMigrations, collectMigrations } from "./migrations/collect.ts";
export type { LedgerRow } from "./migrations/ledger-row.ts";
export type { Migration, MigrationContext } from "./migrations/migration-context.ts";
export type { MigrationFile, MigrationMode, ModuleMigrations } from "./migrations/migration-file.ts";
export { type ModulePlan, type PlanPolicy, planMigrations } from "./migrations/plan.ts";
export { type FoundMigrations, type MigrationsFolder, readMigrations } from "./migrations/read-migrations.ts";
export { type RunContext, runMigrations } from "./migrations/run.ts";
export { type MigrationStatus, migrationStatus } from "./migrations/status.ts";
export { type OpenOptions, openDatabase } from "./open-database.ts";
export { databaseTemplate, newDatabaseFolder } from "./pglite/new-folder.ts";
export { schemaName } from "./schema-name.ts";
export {
  type DatabaseConfig,
  type DatabaseSettings,
  type MigrationSettings,
  type NewerPolicy,
  settingsOf,
} from "./settings.ts";
