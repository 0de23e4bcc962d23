import type { ServiceRegistry } from "@plinth/discovery";

/** What the conformance suite needs of an implementation of `ServiceRegistry`. */
export interface ConformanceAdapter {
  /** The head of its column: `memory`, `Consul`. */
  readonly name: string;
  /** Makes a registry on the one backend that all calls share, as another process would. The suite disposes of it. */
  connect(): Promise<ServiceRegistry>;
  /** Whatever must be there before instances of `service` can be registered. */
  prepare?(service: string): Promise<void>;
  /** Makes the backend unreachable for all registries until the returned function has been called. */
  interrupt?(): Promise<() => Promise<void>>;
  /** Makes the backend forget all registrations, as a restart with empty hands does. */
  wipe?(): Promise<void>;
  /** Laws that do not hold here, by id, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
  /** How long a change may take until it shows. Default 5,000. */
  readonly settleMs?: number;
}
