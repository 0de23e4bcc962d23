import { type Clock, type Logger, platformError } from "@plinth/module";
import type { Connection, ConnectionPool, MigrationSession } from "../connection.ts";
import type { MigrationSettings } from "../settings.ts";
import { sleep } from "../sleep.ts";
import { isConnectionLost, sqlState } from "../sqlstate.ts";
import { applyScript } from "./apply-script.ts";
import { applyStatements } from "./apply-statements.ts";
import { migrationError } from "./migration-error.ts";
import type { MigrationFile } from "./migration-file.ts";
import { changesSession, resetSession } from "./session.ts";
import { StatementFailed } from "./statement-failed.ts";

/** What every migration of a run shares. */
export interface ApplyContext {
  readonly kind: ConnectionPool["kind"];
  readonly settings: MigrationSettings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const retryAfterMs = 500;

/**
 * Applies one migration. A migration in a transaction that does not get its locks in time, because
 * the tables are in use, is rolled back and tried again after a while.
 *
 * @throws PlatformError that says why and where in the file; the driver's error when the connection
 *   was lost; the signal's reason when it aborts.
 */
export async function applyMigration(
  session: MigrationSession,
  file: MigrationFile,
  schema: string,
  context: ApplyContext,
): Promise<void> {
  const { settings, clock, log, signal } = context;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await applyOnce(session, file, schema, context);
    } catch (error) {
      if (isConnectionLost(error)) throw error;
      signal.throwIfAborted();
      if (file.mode !== "transaction" || !isBlocked(error)) throw migrationError(file, error);
      if (attempt >= settings.attempts) throw blockedError(file, settings, error);
      log.warn({ of: file.module, migration: file.name, attempt }, "tables are in use: the migration waits");
      await sleep(clock, retryAfterMs * attempt, signal);
    }
  }
}

async function applyOnce(
  session: MigrationSession,
  file: MigrationFile,
  schema: string,
  context: ApplyContext,
): Promise<void> {
  if (file.mode !== "transaction") return applyBare(session, file, schema, context);
  const { kind, settings, log, signal } = context;
  const lockTimeoutMs = settings.lockTimeoutMs;
  await cancelOnAbort(session, context, async (connection) => {
    if (file.sql === undefined) {
      const { applyCode } = await import("./apply-code.ts");
      await applyCode(connection, file, { schema, lockTimeoutMs, log, signal });
    } else {
      await applyScript(connection, file, schema, lockTimeoutMs);
    }
    if (file.sql === undefined || changesSession(file.sql)) await resetSession(connection, kind);
  });
}

/** Not broken off when the start is given up: what it has done already would need a person to look at. */
async function applyBare(
  session: MigrationSession,
  file: MigrationFile,
  schema: string,
  { kind, clock }: ApplyContext,
): Promise<void> {
  await session.use(async (connection) => {
    const failure = await applyStatements(connection, file, schema, clock).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (!isConnectionLost(failure?.error)) await resetSession(connection, kind);
    if (failure !== undefined) throw failure.error;
  });
}

/** Lets `work` use the session's connection; its statement is broken off when the start is given up. */
export async function cancelOnAbort<T>(
  session: MigrationSession,
  { signal, log }: ApplyContext,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const cancel = () => void session.cancel().catch((error: unknown) => log.warn({ error }, "could not cancel"));
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await session.use(work);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** Whether a migration was rolled back only because somebody else had a lock. */
function isBlocked(error: unknown): boolean {
  if (!(error instanceof StatementFailed)) return false;
  const state = sqlState(error.cause);
  return state === "55P03" || state === "40P01";
}

function blockedError({ module, name, path }: MigrationFile, settings: MigrationSettings, cause: unknown) {
  const values = { module, file: name, attempts: settings.attempts, limit: settings.lockTimeoutMs };
  return platformError("MIGRATIONS_BLOCKED", values, { at: [{ file: path }], cause });
}
