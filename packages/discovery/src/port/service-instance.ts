/**
 * What the registry says of an instance.
 *
 * - `up`: takes requests.
 * - `warning`: works, but something is amiss; gets requests only where the caller allows it, or when nothing is `up`.
 * - `draining`: serves what it has and leaves; gets no new requests as long as others take them.
 * - `down`: its checks fail, or it is in maintenance.
 */
export type InstanceState = "up" | "warning" | "draining" | "down";

/** One address at which an instance listens. */
export interface Endpoint {
  /** Unique in its instance: `http`, `admin`. */
  readonly name: string;
  /** What is spoken there, in lower case: `http`, `https`, `grpc`, `grpcs`, `tcp`. */
  readonly protocol: string;
  /** A host name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Where an instance runs. */
export interface Locality {
  readonly region?: string;
  readonly zone?: string;
  readonly node?: string;
  /** The zones whose callers the registry would like to see at this instance. */
  readonly hintZones?: readonly string[];
}

/** One running copy of a service, as the registry knows it. */
export interface ServiceInstance {
  /** Unique among the instances of the service, also across nodes. */
  readonly id: string;
  readonly service: string;
  readonly version?: string;
  readonly endpoints: readonly Endpoint[];
  readonly state: InstanceState;
  /** The instance's share of requests beside the others of its service; above 0, 1 where nobody said. */
  readonly weight: number;
  readonly locality?: Locality;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}
