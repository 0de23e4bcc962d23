import path from "node:path";
import {
  type ConnectionPool,
  collectMigrations,
  type DatabaseConfig,
  type DatabaseSettings,
  type MigrationStatus,
  type ModuleMigrations,
  maskedUrl,
  migrationStatus,
  openDatabase,
  planMigrations,
  settingsOf,
} from "@plinth/database";
import { factsOf, loadModules, unloadModules } from "@plinth/kernel";
import { type Logger, type ModuleFacts, type PlatformError, PlatformErrors, silentLogger } from "@plinth/module";
import type { Context } from "../context.ts";
import { type Inspected, inspected } from "../inspected.ts";
import type { GlobalOptions } from "../root.ts";
import type { SettingsOptions } from "../set-option.ts";
import { hasDatabase } from "./has-database.ts";

/** What the commands about migrations know of a platform. */
export interface MigratedPlatform {
  readonly inspection: Inspected;
  /** In the order in which they run. */
  readonly modules: readonly ModuleMigrations[];
  readonly settings: DatabaseSettings;
  /** The database for people to read: an address without its password, or a folder. */
  readonly address: string;
}

/**
 * Finds the migrations of a platform as its start would. For that the code of its modules is loaded,
 * though not run: only code says which services, and thus which tables of the platform itself, are in use.
 *
 * @throws PlatformErrors where modules, or the settings of the database, are too wrong to know.
 */
export async function migratedPlatform(
  context: Context,
  options: GlobalOptions & SettingsOptions,
): Promise<MigratedPlatform> {
  const inspection = await inspected(context, options);
  const own = inspection.settings?.modules.get("database");
  if (inspection.plan === undefined) throw new PlatformErrors(inspection.problems);
  if (own !== undefined && own.problems.length > 0) throw new PlatformErrors(own.problems);
  const loaded = await loadModules(inspection.plan);
  const { modules } = collectMigrations(loaded.map((module) => factsOf(module, "migrations") as ModuleFacts<string>));
  await unloadModules(loaded);
  const settings = settingsOf(inspection.settings?.forModule("database") as DatabaseConfig | undefined);
  const { url, dataDir } = settings;
  const folder = dataDir.startsWith("memory://") ? dataDir : path.resolve(inspection.root, dataDir);
  return { inspection, modules, settings, address: url === undefined ? folder : maskedUrl(url) };
}

/** Calls `work` with the open database, and closes it. */
export async function withDatabase<T>(
  { inspection, settings }: MigratedPlatform,
  work: (pool: ConnectionPool) => Promise<T>,
  { log = silentLogger, signal }: { readonly log?: Logger; readonly signal?: AbortSignal } = {},
): Promise<T> {
  const pool = await openDatabase(settings, {
    root: inspection.root,
    log,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}

/** How the database stands against the code. A folder of PGlite that is not there yet is not made. */
export async function statusOf(platform: MigratedPlatform): Promise<MigrationStatus> {
  const { modules, settings, address } = platform;
  const policy = settings.migrations;
  const isNew = settings.url === undefined && !hasDatabase(address);
  if (modules.length === 0 || isNew) return { modules: planMigrations(modules, [], policy), unknown: [] };
  return withDatabase(platform, (pool) => migrationStatus(pool, modules, policy));
}

/** What is wrong between files and database, and with the files themselves. */
export function problemsIn({ inspection }: MigratedPlatform, status: MigrationStatus): readonly PlatformError[] {
  const ofFiles = inspection.problems.filter(({ code }) => code.startsWith("MIGRATIONS_"));
  return [...ofFiles, ...status.modules.flatMap(({ problems }) => problems)];
}
