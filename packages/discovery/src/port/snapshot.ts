import type { RegistryError } from "./registry-error.ts";
import type { ServiceInstance } from "./service-instance.ts";

/**
 * All instances of a service at one moment, in every state, ordered by id. Deeply frozen. An empty
 * list is a value like any other: the registry answered that there are none.
 */
export interface Snapshot {
  readonly service: string;
  readonly instances: readonly ServiceInstance[];
  /** Opaque: equal revisions of one registry mean equal instances, nothing else can be read from it. */
  readonly revision: string;
  /** `stale`: the last known good, while the registry cannot be asked. */
  readonly status: "live" | "stale";
  /** When the registry last confirmed these instances, in milliseconds since 1970-01-01 UTC. */
  readonly observedAt: number;
  /** Set while `stale`: since when, in milliseconds since 1970-01-01 UTC. */
  readonly staleSince?: number;
  /** Set while `stale`: what went wrong last. */
  readonly lastError?: RegistryError;
}
