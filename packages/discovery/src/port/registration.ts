import type { RegistryError } from "./registry-error.ts";
import type { Endpoint, Locality } from "./service-instance.ts";

/** How a registry that can look itself learns whether an instance is well. Registries that cannot ignore it. */
export type InstanceCheck =
  /** The registration tells the registry often enough that it is alive. */
  | { readonly type: "heartbeat"; readonly ttlMs: number }
  /** 2xx is `up`, 429 is `warning`, anything else is `down`. */
  | {
      readonly type: "http";
      /** The name of the endpoint that is asked. */
      readonly endpoint: string;
      readonly path: string;
      readonly intervalMs: number;
      readonly timeoutMs?: number;
    }
  /** The gRPC health protocol. */
  | {
      readonly type: "grpc";
      readonly endpoint: string;
      /** The name asked for in the health request. Default: the whole server. */
      readonly service?: string;
      readonly intervalMs: number;
      readonly timeoutMs?: number;
    };

/** An endpoint as it is registered. */
export interface EndpointSpec extends Omit<Endpoint, "host"> {
  /** Default: the address under which the registry knows this machine. */
  readonly host?: string;
}

/** What is registered. */
export interface RegistrationSpec {
  /** A DNS label: `[a-z]([a-z0-9-]*[a-z0-9])?`, at most 63 characters. */
  readonly service: string;
  /**
   * Tells the instances of the service on one machine apart: 1 to 128 letters, digits, `.`, `_` and `-`.
   * Default: made up, other each time. Give one that survives a restart where the registry may still hold the last run's entry.
   */
  readonly id?: string;
  readonly version?: string;
  /** At least one, with different names. */
  readonly endpoints: readonly EndpointSpec[];
  /** What the instance says of itself; the registry's own checks can only make it worse. Default `up`. */
  readonly state?: "up" | "warning" | "down";
  /** A whole number from 1 to 65,535. Default 1. */
  readonly weight?: number;
  readonly locality?: Locality;
  readonly tags?: readonly string[];
  /** At most 32 entries; keys of letters, digits, `_` and `-`, values up to 512 characters. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Default: what the registry does by itself. */
  readonly checks?: readonly InstanceCheck[];
}

/** What of a registration can be changed while it stands; what is left out stays as it was. */
export type RegistrationChange = Partial<Omit<RegistrationSpec, "service" | "id">>;

/**
 * - `registering`: not confirmed by the registry yet.
 * - `registered`: confirmed.
 * - `degraded`: the registry lost it, or cannot be reached; it is being mended without the caller's doing.
 * - `deregistered`: ended, by the caller. The last state.
 */
export type RegistrationState = "registering" | "registered" | "degraded" | "deregistered";

/** An instance that this process keeps in a registry. Disposing of it deregisters it. */
export interface Registration extends AsyncDisposable {
  /** The instance's id in snapshots. A registry that gives ids itself may know it only when `state` is `registered`. */
  readonly id: string;
  readonly state: RegistrationState;
  /** Why `state` is `degraded`; `undefined` otherwise. */
  readonly lastError: RegistryError | undefined;
  /**
   * Resolves when the registry has taken the change, or as `degraded` where it cannot be reached: the change
   * is kept and made as soon as it can be. A change that says nothing new does nothing.
   *
   * @throws RegistryError `DISCOVERY_DEREGISTERED` after the end, `DISCOVERY_INVALID` or `DISCOVERY_DENIED` for a
   *   change that cannot be; the registration stays as it was.
   */
  update(change: RegistrationChange): Promise<void>;
  /**
   * Makes the instance `draining`, waits, and deregisters it. Resolves when it is deregistered. Calls
   * of `deregister` cut the wait short; a second call of `drain` joins the first.
   *
   * @param options.graceMs How long callers get to notice. Default 5,000.
   */
  drain(options?: { readonly graceMs?: number }): Promise<void>;
  /**
   * Takes the instance out. Idempotent; that the registry does not know it any more is success. Rejects
   * when the registry could not be told within its bounded tries; the registration has ended all the same,
   * and is not renewed.
   */
  deregister(): Promise<void>;
}
