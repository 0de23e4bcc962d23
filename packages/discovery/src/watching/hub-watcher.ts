import { isFinal, type RegistryError, registryError } from "../port/registry-error.ts";
import type { ServiceQuery } from "../port/service-query.ts";
import type { ServiceWatcher } from "../port/service-watcher.ts";
import type { Snapshot } from "../port/snapshot.ts";
import { sameItems } from "./instance-list.ts";
import { selectInstances } from "./query.ts";
import { SnapshotCursor, type SnapshotFeed } from "./snapshot-cursor.ts";
import type { UpstreamListener } from "./upstream.ts";

/** A watcher that is fed by an upstream, narrowed to its query. */
export class HubWatcher implements ServiceWatcher, UpstreamListener, SnapshotFeed {
  readonly ready: Promise<Snapshot>;
  readonly cursors = new Set<SnapshotCursor>();
  current: Snapshot | undefined;
  version = 0;
  end: { readonly error?: RegistryError } | undefined;
  readonly #action: string;
  readonly #query: ServiceQuery;
  readonly #release: () => void;
  readonly #settle: PromiseWithResolvers<Snapshot>;

  /**
   * @param action What it does, as errors say it.
   * @param release Called once, when the watcher needs its upstream no longer.
   */
  constructor(action: string, query: ServiceQuery, release: () => void) {
    this.#action = action;
    this.#query = query;
    this.#release = release;
    this.#settle = Promise.withResolvers<Snapshot>();
    this.ready = this.#settle.promise;
    this.ready.catch(() => {});
  }

  observed(snapshot: Snapshot): void {
    const instances = selectInstances(snapshot.instances, this.#query);
    const before = this.current;
    const same = before !== undefined && sameItems(before.instances, instances);
    this.current =
      instances === snapshot.instances
        ? snapshot
        : Object.freeze({ ...snapshot, instances: same ? before.instances : instances });
    this.#settle.resolve(this.current);
    // A change of the service may be none for this query.
    if (!same || before.status !== snapshot.status || before.lastError?.code !== snapshot.lastError?.code) this.#wake();
  }

  faulted(error: RegistryError): void {
    if (isFinal(error)) this.#settle.reject(error);
  }

  failed(error: RegistryError): void {
    this.finish(error, { error });
  }

  /** Ends the watcher: iterations end, or throw where `end` has an error; `ready` rejects unless it is settled. */
  finish(why: RegistryError, end: { readonly error?: RegistryError } = {}): void {
    if (this.end !== undefined) return;
    this.end = end;
    this.#settle.reject(why);
    this.#wake();
    this.#release();
  }

  [Symbol.asyncIterator](): SnapshotCursor {
    return new SnapshotCursor(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.finish(registryError("DISCOVERY_ABORTED", { action: this.#action, reason: "the watcher was disposed of" }));
  }

  #wake(): void {
    this.version += 1;
    for (const cursor of [...this.cursors]) cursor.wake();
  }
}
