import { type Clock, systemClock } from "@plinth/module";
import { linkPair } from "@plinth/testing/link";
import { onTestFinished } from "vitest";
import type { ConnectionPool } from "./connection.ts";
import type { Database } from "./database.ts";
import { databaseView } from "./database-view.ts";
import { type Kind, kinds } from "./databases.fixture.ts";
import { RemoteConnections } from "./remote/remote-connections.ts";
import { serveDatabase } from "./remote/serve-database.ts";

/** Each database, used from its own process and from another one. */
export const ways: readonly { readonly kind: Kind; readonly from: "the host" | "another process" }[] = kinds.flatMap(
  (kind) => [
    { kind, from: "the host" as const },
    { kind, from: "another process" as const },
  ],
);

export interface ViewOptions {
  readonly from: "the host" | "another process";
  readonly schema?: string;
  readonly clock?: Clock;
  /** For another process. Default 2, and 1 for PGlite. */
  readonly connections?: number;
  readonly acquireTimeoutMs?: number;
}

/** The database as the module `name` sees it. */
export function viewOf(name: string, pool: ConnectionPool, options: ViewOptions): Database {
  const { from, schema = name, clock = systemClock, acquireTimeoutMs = 10_000 } = options;
  const { kind } = pool;
  const { connections = kind === "pglite" ? 1 : 2 } = options;
  const owner = { name, schema };
  const view = databaseView(owner, () => pool);
  if (from === "the host") return view;
  const pair = linkPair(name);
  onTestFinished(pair.end);
  const beginning = { kind, connections, acquireTimeoutMs };
  serveDatabase(view, pair.host, { ...beginning, acquire: () => pool.acquire(owner) });
  const remote = new RemoteConnections(pair.child, { ...beginning, schema }, clock);
  return databaseView(owner, () => remote);
}
