import { platformError } from "@plinth/module";
import pg from "pg";
import type { ConnectionPool } from "../connection.ts";
import type { OpenContext } from "../open-context.ts";
import { sleep } from "../sleep.ts";
import { connectError, mayComeUp } from "./connect-error.ts";
import { PostgresPool } from "./postgres-pool.ts";

/**
 * Opens a pool and makes its first connection. A server that is not up yet is tried again until
 * `connectTimeoutMs` have passed.
 *
 * @throws PlatformError `DATABASE_URL_INVALID`, `DATABASE_UNREACHABLE` or `DATABASE_REFUSED`; the
 *   signal's reason when it aborts.
 */
export async function openPostgres(url: string, context: OpenContext, signal?: AbortSignal): Promise<ConnectionPool> {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw platformError("DATABASE_URL_INVALID", {});
  }
  const { settings, clock } = context;
  const until = clock.now() + settings.connectTimeoutMs;
  const pool = new PostgresPool({ ...context, url, driver: pg });
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1000)) {
    try {
      await pool.probe();
      return pool;
    } catch (error) {
      if (mayComeUp(error) && clock.now() < until) {
        await sleep(clock, pauseMs, signal).catch((reason: unknown) => giveUp(pool, reason));
      } else {
        await giveUp(pool, connectError(url, settings.connectTimeoutMs, error));
      }
    }
  }
}

async function giveUp(pool: ConnectionPool, reason: unknown): Promise<never> {
  await pool.close();
  throw reason;
}
