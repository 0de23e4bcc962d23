import { type Clock, type Logger, PlatformError, PlatformErrors, platformError } from "@plinth/module";
import type { ConnectionPool, MigrationSession } from "../connection.ts";
import type { MigrationSettings } from "../settings.ts";
import { sleep } from "../sleep.ts";
import { isConnectionLost, reasonOf } from "../sqlstate.ts";
import { applyModule } from "./apply-module.ts";
import { type DatabaseState, prepare, readState } from "./ledger.ts";
import { releaseLock, takeLock } from "./lock.ts";
import { ledgerError } from "./migration-error.ts";
import type { ModuleMigrations } from "./migration-file.ts";
import { type ModulePlan, planMigrations } from "./plan.ts";
import { refuseTransactionPooler } from "./pooler.ts";
import { prepareSession } from "./session.ts";

/** The surroundings of a run. */
export interface RunContext {
  readonly pool: ConnectionPool;
  readonly settings: MigrationSettings;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the run: waiting at once, a migration in a transaction by rolling it back. */
  readonly signal: AbortSignal;
  /** Called once for each module, as soon as it is known whether it is migrated. */
  readonly onModule: (module: string, failure: Error | undefined) => void;
}

/** After so many lost connections the run is given up. */
const connectionAttempts = 5;
const reconnectAfterMs = 200;

/**
 * Brings the tables of all modules up to date. One process does so at a time; the others wait and then
 * find nothing left to do. When nothing is pending it costs one round trip and takes no lock.
 *
 * Nothing runs when the plan of a critical module has problems. A module that fails, and those that
 * depend on it, are left out; the others go on, unless the failed one is critical.
 *
 * @param modules in the order in which they run, dependencies first.
 * @returns when `onModule` was called for every module; never rejects.
 */
export async function runMigrations(modules: readonly ModuleMigrations[], context: RunContext): Promise<void> {
  const run = new Run(modules, context);
  try {
    if (!(await run.isDone())) await run.underLock();
    run.settleRest(() => undefined);
  } catch (error) {
    run.settleRest((module) => run.failureOf(module, error));
  }
}

class Run {
  readonly #modules: readonly ModuleMigrations[];
  readonly #context: RunContext;
  readonly #schemas: readonly string[];
  readonly #settled = new Set<string>();
  /** Modules that are not migrated, and those that were left out because of them. */
  readonly #failed = new Set<string>();

  constructor(modules: readonly ModuleMigrations[], context: RunContext) {
    this.#modules = modules;
    this.#context = context;
    this.#schemas = modules.flatMap(({ schema }) => schema ?? []);
  }

  /** Whether everything is there already. One round trip. */
  async isDone(): Promise<boolean> {
    const { pool } = this.#context;
    const connection = await pool.acquire({ name: "migrations", schema: undefined });
    try {
      const state = await readState(connection, this.#schemas).catch(rethrowLedgerError);
      await refuseTransactionPooler(pool, connection, state.backend);
      if (state.rows === undefined || !this.#schemas.every((schema) => state.schemas.has(schema))) return false;
      return this.#plan(state).every(({ pending, problems }) => pending.length === 0 && problems.length === 0);
    } catch (error) {
      // What follows has a connection of its own, and tries again.
      if (isConnectionLost(error)) return false;
      throw error;
    } finally {
      connection.release();
    }
  }

  /** Runs what is pending. After a lost connection everything is looked at anew: the last commit may have arrived. */
  async underLock(): Promise<void> {
    const { clock, log, signal } = this.#context;
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        return await this.#attempt();
      } catch (error) {
        if (!isConnectionLost(error) && !isUnreachable(error)) throw error;
        const reason = reasonOf(error);
        if (attempt >= connectionAttempts) {
          throw platformError("MIGRATIONS_CONNECTION_LOST", { attempts: attempt, reason }, { cause: error });
        }
        log.warn({ reason, attempt }, "the connection was lost while migrating: trying again");
        await sleep(clock, reconnectAfterMs * attempt, signal);
      }
    }
  }

  async #attempt(): Promise<void> {
    const { pool, log } = this.#context;
    const session = await pool.openSession();
    try {
      await session.use((connection) => prepareSession(connection, pool.kind));
      await this.#lock(session);
      const state = await session.use(async (connection) => {
        const found = await readState(connection, this.#schemas).catch(rethrowLedgerError);
        await prepare(connection, found, this.#schemas).catch(rethrowLedgerError);
        return found;
      });
      await this.#migrateAll(session, this.#plan(state));
    } finally {
      // A connection that is closed gives back its lock too; this is for servers that are slow to notice.
      if (pool.kind === "postgres") {
        await session
          .use(releaseLock)
          .catch((error: unknown) => log.debug({ error }, "the lock went with its connection"));
      }
      await session.end();
    }
  }

  /** PGlite's folder has a lock of its own, and nobody else can be in its memory. */
  async #lock(session: MigrationSession): Promise<void> {
    const { pool, settings, log } = this.#context;
    if (pool.kind === "pglite") return;
    const waitedMs = await session.use((connection) =>
      takeLock(connection, { ...this.#context, waitMs: settings.waitMs }),
    );
    log.debug({ waitedMs: Math.round(waitedMs) }, "took the lock of the migrations");
  }

  #plan(state: DatabaseState): readonly ModulePlan[] {
    return planMigrations(this.#modules, state.rows ?? [], this.#context.settings);
  }

  async #migrateAll(session: MigrationSession, plans: readonly ModulePlan[]): Promise<void> {
    const refused = plans.filter(({ problems }, index) => problems.length > 0 && this.#modules[index]?.critical);
    if (refused.length > 0) throw together(refused.flatMap(({ problems }) => problems));
    for (const [index, module] of this.#modules.entries()) {
      if (this.#settled.has(module.module)) continue;
      const dependency = module.dependencies.find((name) => this.#failed.has(name));
      if (dependency !== undefined) {
        this.#settle(module.module, platformError("MIGRATIONS_DEPENDENCY", { module: module.module, dependency }));
        continue;
      }
      const failure = await this.#migrate(session, module, plans[index] as ModulePlan);
      this.#settle(module.module, failure);
      if (failure !== undefined && module.critical) throw failure;
    }
  }

  /** Why the module could not be migrated; `undefined` when it was. Rejects when the connection is lost or on abort. */
  async #migrate(
    session: MigrationSession,
    { module, schema = "public" }: ModuleMigrations,
    plan: ModulePlan,
  ): Promise<Error | undefined> {
    const { pool, clock, log, signal } = this.#context;
    if (plan.problems.length > 0) return together(plan.problems);
    if (plan.pending.length === 0) return undefined;
    const began = clock.now();
    try {
      await applyModule(session, plan.pending, schema, { ...this.#context, kind: pool.kind });
    } catch (error) {
      if (error instanceof PlatformError && !signal.aborted) return error;
      throw error;
    }
    const durationMs = Math.round(clock.now() - began);
    log.info({ of: module, migrations: plan.pending.map(({ name }) => name), durationMs }, `migrated ${module}`);
    return undefined;
  }

  settleRest(failureOf: (module: string) => Error | undefined): void {
    for (const { module } of this.#modules) {
      if (!this.#settled.has(module)) this.#settle(module, failureOf(module));
    }
  }

  #settle(module: string, failure: Error | undefined): void {
    this.#settled.add(module);
    if (failure !== undefined) this.#failed.add(module);
    this.#context.onModule(module, failure);
  }

  /** What a module is told that was not reached because the run ended with `error`. */
  failureOf(module: string, error: unknown): Error {
    if (this.#context.signal.aborted) return platformError("MIGRATIONS_INTERRUPTED", { module }, { cause: error });
    return error instanceof PlatformError || error instanceof PlatformErrors ? error : ledgerError(error);
  }
}

function together(problems: readonly PlatformError[]): Error {
  const [first] = problems;
  return problems.length === 1 && first !== undefined ? first : new PlatformErrors(problems);
}

function isUnreachable(error: unknown): boolean {
  return error instanceof PlatformError && error.code === "DATABASE_UNREACHABLE";
}

function rethrowLedgerError(error: unknown): never {
  throw isConnectionLost(error) ? error : ledgerError(error);
}
