import path from "node:path";
import {
  collectMigrations,
  type DatabaseConfig,
  type DatabaseSettings,
  migrationStatus,
  openDatabase,
  settingsOf,
} from "@plinth/database";
import { factsOf } from "@plinth/kernel";
import { type ModuleFacts, type PlatformError, problemsOf } from "@plinth/module";
import type { Inspection } from "@plinth/platform";
import { hasDatabase } from "./has-database.ts";

/** How the migrations of modules stand against the database. */
export interface Drift {
  readonly problems: readonly PlatformError[];
  /** Why the database was not looked at; `undefined` where it was, and where no module has migrations. */
  readonly notLooked: string | undefined;
}

/** How the database is looked at. */
export interface DriftOptions {
  /** The platform's root, absolute. */
  readonly root: string;
  /** Whether a database that cannot be looked at is a problem. */
  readonly isNeeded: boolean;
  /** Is called before a database is opened. */
  readonly beforeOpen: () => void;
}

/** The longest wait for a server that is not needed, in milliseconds. */
const patienceMs = 2_000;

const nothing = { problems: [], notLooked: undefined };

/**
 * Holds the migrations of modules against what has been applied, from their manifests alone: no code of
 * theirs is loaded. Changes nothing; makes no folder of PGlite, and does not wait for one that is in use.
 */
export async function findDrift(inspection: Inspection, options: DriftOptions): Promise<Drift> {
  const facts = inspection.modules
    .filter(({ manifest, source }) => source !== "platform" && manifest.sections.migrations !== undefined)
    .map((module) => factsOf(module, "migrations") as ModuleFacts<string>);
  if (facts.length === 0) return nothing;
  const { settings } = inspection;
  if (settings === undefined || (settings.modules.get("database")?.problems.length ?? 0) > 0) {
    return { problems: [], notLooked: "its settings are wrong" };
  }
  const database = settingsOf(settings.forModule("database") as DatabaseConfig);
  if (database.url === undefined && !hasDatabase(path.resolve(options.root, database.dataDir))) {
    return { problems: [], notLooked: "there is none yet" };
  }
  options.beforeOpen();
  try {
    const problems = await driftIn(facts, options.isNeeded ? database : impatient(database), options.root);
    return { problems, notLooked: undefined };
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return { problems: options.isNeeded ? problems : [], notLooked: problems[0]?.message };
  }
}

async function driftIn(
  facts: readonly ModuleFacts<string>[],
  settings: DatabaseSettings,
  root: string,
): Promise<readonly PlatformError[]> {
  // What is wrong with the files in themselves is reported by those who read the manifests.
  const { modules } = collectMigrations(facts);
  const pool = await openDatabase(settings, { root });
  try {
    const status = await migrationStatus(pool, modules, settings.migrations);
    return status.modules.flatMap(({ problems }) => problems);
  } finally {
    await pool.close();
  }
}

function impatient(settings: DatabaseSettings): DatabaseSettings {
  const most = (ms: number) => (ms === 0 ? patienceMs : Math.min(ms, patienceMs));
  return {
    ...settings,
    connectTimeoutMs: most(settings.connectTimeoutMs),
    statementTimeoutMs: most(settings.statementTimeoutMs),
    pool: { ...settings.pool, acquireTimeoutMs: most(settings.pool.acquireTimeoutMs) },
  };
}
