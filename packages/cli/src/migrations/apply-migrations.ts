import { migrationStatus, runMigrations } from "@plinth/database";
import { type PlatformError, PlatformErrors, problemsOf, systemClock } from "@plinth/module";
import { createLog, thisProcess } from "@plinth/platform";
import type { Context } from "../context.ts";
import { type MigratedPlatform, withDatabase } from "./migrated-platform.ts";

/** What became of the migrations of one module. */
export interface MigrationOutcome {
  readonly module: string;
  /** The files that were applied now, in their order. */
  readonly applied: readonly string[];
  readonly problems: readonly PlatformError[];
}

/**
 * Runs what is pending, until SIGINT or SIGTERM. Waiting for another process and lost connections are
 * logged to the standard error.
 *
 * @returns the modules for which something was pending or failed.
 * @throws PlatformErrors where something is wrong with the platform, before anything runs.
 */
export async function applyMigrations(
  platform: MigratedPlatform,
  context: Context,
): Promise<readonly MigrationOutcome[]> {
  const { inspection, modules, settings } = platform;
  if (inspection.problems.length > 0) throw new PlatformErrors(inspection.problems);
  if (modules.length === 0) return [];
  const log = createLog({ level: "warn", format: "auto" }, context.stderr, context.env);
  const interrupt = new AbortController();
  const onSignal = context.onSignal ?? thisProcess().onSignal;
  const forget = onSignal((signal) => interrupt.abort(new Error(`interrupted by ${signal}`)));
  const { signal } = interrupt;
  const failures = new Map<string, Error>();
  try {
    return await withDatabase(
      platform,
      async (pool) => {
        const before = await migrationStatus(pool, modules, settings.migrations);
        await runMigrations(modules, {
          pool,
          settings: settings.migrations,
          clock: systemClock,
          log,
          signal,
          onModule: (module, failure) => {
            if (failure !== undefined) failures.set(module, failure);
          },
        });
        const after = await migrationStatus(pool, modules, settings.migrations);
        return before.modules.flatMap(({ module, pending }, index): MigrationOutcome[] => {
          const left = new Set(after.modules[index]?.pending.map(({ name }) => name));
          const applied = pending.map(({ name }) => name).filter((name) => !left.has(name));
          const failure = failures.get(module);
          if (failure !== undefined && problemsOf(failure).length === 0) throw failure;
          const problems = problemsOf(failure);
          return applied.length + problems.length > 0 ? [{ module, applied, problems }] : [];
        });
      },
      { log, signal },
    );
  } finally {
    forget();
  }
}
