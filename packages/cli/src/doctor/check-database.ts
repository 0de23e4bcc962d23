import { type PlatformError, problemsOf } from "@plinth/module";
import type { Context } from "../context.ts";
import { hasDatabase } from "../migrations/has-database.ts";
import { type MigratedPlatform, migratedPlatform, withDatabase } from "../migrations/migrated-platform.ts";
import type { GlobalOptions } from "../root.ts";
import type { SettingsOptions } from "../set-option.ts";
import { type Check, failed, passed } from "./check.ts";
import type { Witness } from "./check-clock.ts";

/** What the database answered. */
export interface DatabaseFinding {
  readonly check: Check;
  /** The time of a server that is not this machine's, perhaps. */
  readonly witness: Witness | undefined;
}

/**
 * Whether the database of a platform can be reached. Changes nothing.
 *
 * @param running the process in which this very platform runs, if it does: a folder of PGlite is its own then.
 */
export async function checkDatabase(
  context: Context,
  options: GlobalOptions & SettingsOptions,
  running: number | undefined,
): Promise<DatabaseFinding> {
  try {
    return await ask(await migratedPlatform(context, options));
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    if (running !== undefined && problems.every((problem) => isHeldBy(running, problem))) {
      const check = passed("database", `PGlite is in use by this platform, in process ${running}`);
      return { check, witness: undefined };
    }
    // While modules or settings are wrong, it is for the checks of these to say so.
    const check = problems.some(({ code }) => !code.startsWith("DATABASE_"))
      ? passed("database", "cannot be looked at while modules and settings are wrong", "skipped")
      : failed("database", "cannot be used", problems);
    return { check, witness: undefined };
  }
}

function isHeldBy(pid: number, { code, message }: PlatformError): boolean {
  return code === "DATABASE_FOLDER_IN_USE" && new RegExp(`\\bprocess ${pid}\\b`).test(message);
}

async function ask(platform: MigratedPlatform): Promise<DatabaseFinding> {
  const { address, settings, modules } = platform;
  const isEmbedded = settings.url === undefined;
  if (modules.length === 0) {
    return { check: passed("database", "no module uses it", "skipped"), witness: undefined };
  }
  if (isEmbedded && !hasDatabase(address)) {
    return { check: passed("database", `PGlite will make ${address}`), witness: undefined };
  }
  return withDatabase(platform, async (pool) => {
    const connection = await pool.acquire({ name: "doctor", schema: undefined });
    try {
      const before = Date.now();
      const sql = "select extract(epoch from clock_timestamp()) * 1000 as now";
      const { rows } = await connection.query<{ readonly now: string | number }>(sql);
      // The answer was on its way for some time: the middle is the best guess at when it was given.
      const ahead = Number(rows[0]?.now) - (before + Date.now()) / 2;
      const witness = isEmbedded ? undefined : { name: "the database server", ahead, isNow: true };
      return { check: passed("database", `${isEmbedded ? "PGlite" : "PostgreSQL"} at ${address} answers`), witness };
    } finally {
      connection.release();
    }
  });
}
