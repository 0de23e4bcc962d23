import type { ConnectionPool, HeldConnection } from "@plinth/database";
import { traceOutside } from "./trace.ts";

/** A part of the database that was asked for and not given back. */
export interface HeldPart {
  readonly what: "a connection to the database" | "a listener for notifications of the database";
  /** Where it was asked for. */
  readonly stack: string;
  /** What `label` said then. */
  readonly label: string | undefined;
}

/** A pool that knows who has what. */
export interface WatchedPool extends ConnectionPool {
  /** What modules had when the pool was closed; empty before. */
  readonly left: readonly HeldPart[];
}

/**
 * A pool that remembers which connections and listeners there are, and takes the connections back when it
 * is closed: by then all modules have stopped.
 *
 * @param label is asked whenever something is asked for.
 */
export function watchedPool(pool: ConnectionPool, label: () => string | undefined): WatchedPool {
  const connections = new Map<HeldConnection, HeldPart>();
  const listeners = new Set<HeldPart>();
  let left: readonly HeldPart[] = [];
  return {
    kind: pool.kind,
    address: pool.address,
    get left() {
      return left;
    },
    async acquire(owner) {
      const part = { what: "a connection to the database", ...askedBy(label() ?? owner.name) } as const;
      const connection = await pool.acquire(owner);
      const watched: HeldConnection = {
        processId: connection.processId,
        query: (sql, parameters) => connection.query(sql, parameters),
        script: (sql) => connection.script(sql),
        release: () => giveBack(watched, () => connection.release()),
        discard: () => giveBack(watched, () => connection.discard()),
      };
      connections.set(watched, part);
      return watched;
    },
    openSession: () => pool.openSession(),
    listen(channel, listener) {
      const part = { what: "a listener for notifications of the database", ...askedBy(label()) } as const;
      const end = pool.listen(channel, listener);
      listeners.add(part);
      return () => {
        listeners.delete(part);
        end();
      };
    },
    close(signal) {
      left = [...connections.values(), ...listeners];
      for (const connection of [...connections.keys()]) connection.discard();
      return pool.close(signal);
    },
  };

  function giveBack(connection: HeldConnection, how: () => void): void {
    connections.delete(connection);
    how();
  }
}

function askedBy(label: string | undefined): Pick<HeldPart, "stack" | "label"> {
  return { stack: traceOutside(askedBy).stack ?? "", label };
}
