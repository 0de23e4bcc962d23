import type { InstanceState, ServiceInstance } from "../port/service-instance.ts";

/** Why an instance was ejected. */
export type EjectionReason = "consecutive-failures" | "success-rate" | "failure-percentage";

/**
 * Is told what callers of services see and do, for metrics and logs. Called synchronously while
 * requests wait, `picked` on each of them: every method must be quick and must not throw.
 */
export interface DiscoveryObserver {
  /** What is known of a service has changed, or became stale or live. */
  snapshot?(event: {
    readonly service: string;
    readonly status: "live" | "stale";
    /** Milliseconds since 1970-01-01 UTC. */
    readonly staleSince: number | undefined;
    readonly instances: Readonly<Record<InstanceState, number>>;
  }): void;
  picked?(service: string, instance: ServiceInstance): void;
  ejected?(event: {
    readonly service: string;
    readonly instance: ServiceInstance;
    readonly reason: EjectionReason;
    readonly forMs: number;
  }): void;
  /** An ejected instance is picked again. */
  returned?(event: { readonly service: string; readonly instance: ServiceInstance }): void;
  /** Doubtful instances are picked too from now on, or no longer. */
  panic?(event: { readonly service: string; readonly on: boolean }): void;
  /** A request was sent again, or was not although it could have been: the budget of retries was spent. */
  retry?(event: { readonly service: string; readonly sent: boolean; readonly cause: unknown }): void;
}
