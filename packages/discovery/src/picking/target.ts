import type { Endpoint, ServiceInstance } from "../port/service-instance.ts";

/**
 * One address that requests are sent to, with what its caller knows of it. A plain record of numbers: it
 * is read and written on every request, by the balancer only.
 */
export class Target<Resource = unknown> {
  /** The instance as the last snapshot had it. */
  instance: ServiceInstance;
  readonly endpoint: Endpoint;
  weight: number;
  /** What the caller keeps for this address, such as its connections. */
  resource: Resource | undefined = undefined;
  /** Requests that have been picked and not ended. */
  inFlight = 0;
  /** No longer in the registry: gets no new requests, and those in flight are finished. */
  removed = false;

  /** How long requests take, in milliseconds: peaks at once, decays slowly. 0 before the first one ended. */
  latency = 0;
  /** When `latency` was last brought up to date, on the clock's scale. */
  latencyAt = 0;

  /** In the present interval. */
  successes = 0;
  failures = 0;
  consecutiveFailures = 0;
  ejected = false;
  /** On the clock's scale; means something while `ejected`. */
  ejectedUntil = 0;
  /** How often in a row it was ejected: each time lasts longer. */
  ejections = 0;

  constructor(instance: ServiceInstance, endpoint: Endpoint) {
    this.instance = instance;
    this.endpoint = endpoint;
    this.weight = instance.weight;
  }
}
