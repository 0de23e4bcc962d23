import type { Registration, RegistrationSpec } from "./registration.ts";
import type { ServiceQuery } from "./service-query.ts";
import type { ServiceWatcher } from "./service-watcher.ts";
import type { Snapshot } from "./snapshot.ts";

/** How a registry fares, for people and health pages. A registry that is away is no reason to stop serving. */
export interface RegistryHealth {
  readonly status: "pass" | "warn";
  /** What is amiss; empty when nothing is. */
  readonly messages: readonly string[];
}

/**
 * Where instances of services are made known and found. Every promise it gives settles within a bounded
 * time; everything it rejects with is a {@link RegistryError}.
 *
 * Disposing of it ends its watchers, deregisters what it registered, and closes its connections.
 */
export interface ServiceRegistry extends AsyncDisposable {
  /**
   * Makes an instance known. Registering the same service, id and spec again does nothing and gives the
   * standing registration; with a changed spec it is an update of it.
   *
   * Resolves when the registry holds the instance, or as `degraded` where the registry cannot be reached:
   * it is then tried until it succeeds. An abort leaves nothing behind in the registry.
   *
   * @throws RegistryError `DISCOVERY_INVALID`, `DISCOVERY_DENIED`, `DISCOVERY_ABORTED`.
   */
  register(spec: RegistrationSpec, options?: { readonly signal?: AbortSignal }): Promise<Registration>;
  /**
   * The instances now. While the registry cannot be asked it answers with the last known ones, marked `stale`.
   *
   * @param options.maxStaleMs How old such an answer may be, by `observedAt`. Default: any age.
   * @throws RegistryError `DISCOVERY_STALE` when what is known is older, the registry's fault where
   *   nothing is known, `DISCOVERY_INVALID`, `DISCOVERY_DENIED`, `DISCOVERY_ABORTED`.
   */
  resolve(
    query: ServiceQuery,
    options?: { readonly signal?: AbortSignal; readonly maxStaleMs?: number },
  ): Promise<Snapshot>;
  /** Follows the instances. Never throws itself: what is wrong with the query comes by the watcher. */
  watch(query: ServiceQuery, options?: { readonly signal?: AbortSignal }): ServiceWatcher;
  /** The names of the services that have instances, sorted. Rejects with the registry's fault. */
  services(options?: { readonly signal?: AbortSignal }): Promise<readonly string[]>;
  /** How the registry fares by what is known: asks nothing over the network. */
  health(): RegistryHealth;
}
