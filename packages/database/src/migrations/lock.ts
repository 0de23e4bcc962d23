import { type Clock, type Logger, platformError } from "@plinth/module";
import type { AnyRow, Connection } from "../connection.ts";
import { sleep } from "../sleep.ts";
import { excerpt } from "./text-position.ts";

/** The advisory lock of a database: "plinth" in ASCII. */
const key = { high: 0x706c, low: 0x696e7468 } as const;
const keyNumber = key.high * 2 ** 32 + key.low;

/** How to wait for the lock. */
export interface LockOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Longest wait in milliseconds; 0 for no limit. */
  readonly waitMs: number;
}

/** After this time the first word is logged about who has the lock, and then again each time it doubles. */
const reportAfterMs = 3000;
const longestPauseMs = 1000;

/**
 * Takes the lock that one run of the migrations has. It is asked for again and again, each time for a
 * moment: a session that blocks in pg_advisory_lock keeps its snapshot, for which CREATE INDEX
 * CONCURRENTLY of the holder waits, and both are stuck.
 *
 * @returns how long it took, in milliseconds.
 * @throws PlatformError `MIGRATIONS_LOCK_BUSY`; the signal's reason when it aborts.
 */
export async function takeLock(connection: Connection, options: LockOptions): Promise<number> {
  const { clock, log, signal, waitMs } = options;
  const began = clock.now();
  let reportAt = reportAfterMs;
  for (let pauseMs = 50; !(await tryLock(connection)); pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    signal.throwIfAborted();
    const waitedMs = clock.now() - began;
    const isTooLong = waitMs > 0 && waitedMs >= waitMs;
    if (isTooLong || waitedMs >= reportAt) {
      const holder = await findHolder(connection);
      if (isTooLong) {
        const values = {
          limit: waitMs,
          pid: holder?.pid ?? 0,
          holder: holder === undefined ? "it ended just now" : describe(holder),
        };
        throw platformError("MIGRATIONS_LOCK_BUSY", values);
      }
      if (holder !== undefined)
        log.warn({ waitedMs: Math.round(waitedMs), ...holder }, "waiting for another migration");
      reportAt *= 2;
    }
    await sleep(clock, pauseMs, signal);
  }
  return clock.now() - began;
}

/** Gives the lock back. */
export async function releaseLock(connection: Connection): Promise<void> {
  await connection.script(`select pg_advisory_unlock(${keyNumber})`);
}

async function tryLock(connection: Connection): Promise<boolean> {
  const [result] = await connection.script(`select pg_try_advisory_lock(${keyNumber}) as taken`);
  return result?.rows[0]?.taken === true;
}

/** The session that has the lock. */
interface LockHolder {
  readonly pid: number;
  readonly application: string;
  readonly client: string;
  readonly state: string;
  readonly query: string;
}

async function findHolder(connection: Connection): Promise<LockHolder | undefined> {
  const [result] = await connection.script(`
    select l.pid, a.application_name as application, a.client_addr::text as client, a.state, a.query
    from pg_locks l left join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid = ${key.high} and l.objid = ${key.low}
      and l.database = (select oid from pg_database where datname = current_database())`);
  const row: AnyRow | undefined = result?.rows[0];
  if (row === undefined) return undefined;
  const text = (column: string) => String(row[column] ?? "unknown");
  return {
    pid: Number(row.pid),
    application: text("application"),
    client: text("client"),
    state: text("state"),
    query: excerpt(text("query")),
  };
}

function describe({ pid, application, client, state, query }: LockHolder): string {
  return `process ${pid} of the server (${application} from ${client}, ${state}: ${query})`;
}
