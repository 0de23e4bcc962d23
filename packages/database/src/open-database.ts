import { resolve } from "node:path";
import { type Clock, type Logger, silentLogger, systemClock } from "@plinth/module";
import type { ConnectionPool } from "./connection.ts";
import type { OpenContext } from "./open-context.ts";
import type { DatabaseSettings } from "./settings.ts";

/** Where a database is opened from. */
export interface OpenOptions {
  /** What `dataDir` is relative to. Default: the working directory. */
  readonly root?: string;
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly signal?: AbortSignal;
}

/**
 * Opens PostgreSQL when the settings have its address, else PGlite. Only the driver that is needed is
 * loaded. Close the pool when it is not needed any more.
 *
 * @throws PlatformError of the area `database`; the signal's reason when it aborts.
 */
export async function openDatabase(settings: DatabaseSettings, options: OpenOptions = {}): Promise<ConnectionPool> {
  const { root = process.cwd(), clock = systemClock, log = silentLogger, signal } = options;
  const context: OpenContext = { settings, clock, log };
  signal?.throwIfAborted();
  const pool = await open(settings, root, context, signal);
  if (signal?.aborted) {
    await pool.close();
    signal.throwIfAborted();
  }
  return pool;
}

async function open(
  { url, dataDir }: DatabaseSettings,
  root: string,
  context: OpenContext,
  signal: AbortSignal | undefined,
): Promise<ConnectionPool> {
  if (url !== undefined) {
    const { openPostgres } = await import("./postgres/open-postgres.ts");
    return openPostgres(url, context, signal);
  }
  const { openPGlite } = await import("./pglite/open-pglite.ts");
  return openPGlite(dataDir.startsWith("memory://") ? dataDir : resolve(root, dataDir), context);
}
