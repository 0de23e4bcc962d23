import type { Snapshot } from "./snapshot.ts";

/**
 * Follows the instances of a service.
 *
 * Iterating yields whole snapshots: `current` at once where there is one, then one for each change
 * of the instances or of the status. Only the latest counts: a consumer that is slow sees fewer
 * snapshots, never an old one. Each iteration of a watcher has its own place, and leaving one ends
 * only that one.
 *
 * Passing faults do not end the iteration: it yields the last known instances as `stale`, and
 * `live` again when the registry is back. It throws when the query is invalid, and ends when the
 * signal aborts or the watcher or its registry is disposed of.
 *
 * The watcher holds a share of an upstream watch until it is disposed of or its signal aborts.
 */
export interface ServiceWatcher extends AsyncIterable<Snapshot, undefined>, AsyncDisposable {
  /** The latest snapshot; `undefined` before the first one. */
  readonly current: Snapshot | undefined;
  /**
   * The first snapshot that the registry vouched for, also when it is empty. Rejects only with
   * `DISCOVERY_DENIED`, `DISCOVERY_INVALID` or `DISCOVERY_ABORTED`; after a denial the watch goes on, and
   * `current` is set once access is given. A rejection that nobody looks at is no unhandled one.
   */
  readonly ready: Promise<Snapshot>;
}
