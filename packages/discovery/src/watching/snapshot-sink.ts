import type { RegistryError } from "../port/registry-error.ts";
import type { ServiceInstance } from "../port/service-instance.ts";

/** Where an upstream watch reports what it learns of its service. Calls after the watch's signal aborted do nothing. */
export interface SnapshotSink {
  /**
   * The registry vouches for exactly these instances, in whatever order. The sink takes the objects over
   * and freezes them; lists that say the same as the last one reach nobody.
   */
  publish(instances: readonly ServiceInstance[], revision: string): void;
  /** The registry vouches for what was published last. Does nothing before the first `publish`. */
  confirm(): void;
  /** The registry cannot be asked. What is known is kept and marked as stale, until the next `publish` or `confirm`. */
  fault(error: RegistryError): void;
}

/**
 * Watches one service at the registry until `signal` aborts, and resolves then. When it ends or rejects
 * earlier it is opened again after a backoff; a rejection counts as a fault, but `DISCOVERY_INVALID`
 * ends the watchers.
 */
export type OpenUpstream = (service: string, sink: SnapshotSink, signal: AbortSignal) => Promise<void>;
