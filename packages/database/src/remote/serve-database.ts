import type { RemoteLink } from "@plinth/module";
import type { ConnectionPool, HeldConnection } from "../connection.ts";
import type { Database } from "../database.ts";
import { ProcessConnections } from "./process-connections.ts";

/** What a module's process is told of the database before the module's `setup`. */
export interface DatabaseBeginning {
  readonly schema: string;
  readonly kind: ConnectionPool["kind"];
  /** Most connections at one time. */
  readonly connections: number;
  /** Longest wait for a free connection; 0 for no limit. */
  readonly acquireTimeoutMs: number;
}

/** Lends connections to one module in another process. */
export interface LenderForProcess extends Omit<DatabaseBeginning, "schema"> {
  acquire(): Promise<HeldConnection>;
}

/**
 * Lets a module in another process use the database. Its connections stay here: they are given back,
 * and their transactions rolled back, when the link ends.
 */
export function serveDatabase(database: Database, link: RemoteLink, lender: LenderForProcess): void {
  const { kind, connections, acquireTimeoutMs } = lender;
  const lent = new ProcessConnections(lender);
  const listening = new Map<string, () => void>();
  link.signal.addEventListener("abort", () => {
    lent.end();
    for (const stop of listening.values()) stop();
  });
  link.handle("begin", (): DatabaseBeginning => ({ schema: database.schema, kind, connections, acquireTimeoutMs }));
  link.handle("query", ([id, sql, parameters]) =>
    lent.query(id as number, String(sql), parameters as readonly unknown[] | undefined),
  );
  link.handle("release", ([id]) => lent.giveBack(id as number));
  link.handle("discard", ([id]) => lent.discard(id as number));
  link.handle("listen", ([channel]) => {
    const name = String(channel);
    if (listening.has(name) || link.signal.aborted) return;
    // A process that is gone misses what it is told.
    const stop = database.listen(name, (payload) => void link.call("notify", [name, payload]).catch(() => {}));
    listening.set(name, stop);
  });
  link.handle("unlisten", ([channel]) => {
    listening.get(String(channel))?.();
    listening.delete(String(channel));
  });
  link.handle("migrated", () => database.migrated());
}
