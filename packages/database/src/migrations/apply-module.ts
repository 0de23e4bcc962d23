import type { MigrationSession } from "../connection.ts";
import { type ApplyContext, applyMigration, cancelOnAbort } from "./apply.ts";
import { applyBatch, batchOf } from "./apply-batch.ts";
import { appliedNumbers } from "./ledger.ts";
import type { MigrationFile } from "./migration-file.ts";

/**
 * Applies the pending migrations of one module in order: several in one message where that can be
 * done, so that a slow network counts little. When one of those fails, the rest is done one by one,
 * which tells what failed and tries again what only waited for a lock.
 *
 * @throws PlatformError that says why and where in the file; the driver's error when the connection
 *   was lost; the signal's reason when it aborts.
 */
export async function applyModule(
  session: MigrationSession,
  pending: readonly MigrationFile[],
  schema: string,
  context: ApplyContext,
): Promise<void> {
  const { signal, settings } = context;
  let rest = pending;
  while (rest.length > 0) {
    signal.throwIfAborted();
    const batch = batchOf(rest);
    if (batch.length > 1) {
      const isDone = await cancelOnAbort(session, context, (connection) =>
        applyBatch(connection, batch, schema, settings.lockTimeoutMs),
      );
      if (!isDone) break;
      rest = rest.slice(batch.length);
    } else {
      await applyMigration(session, rest[0] as MigrationFile, schema, context);
      rest = rest.slice(1);
    }
  }
  if (rest.length > 0) await applyOneByOne(session, rest, schema, context);
}

async function applyOneByOne(
  session: MigrationSession,
  files: readonly MigrationFile[],
  schema: string,
  context: ApplyContext,
): Promise<void> {
  const module = files[0]?.module ?? "";
  const applied = await session.use((connection) => appliedNumbers(connection, module));
  for (const file of files) {
    if (!applied.has(file.number)) await applyMigration(session, file, schema, context);
  }
}
