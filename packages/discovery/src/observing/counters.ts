import type { InstanceState } from "../port/service-instance.ts";
import type { DiscoveryObserver, EjectionReason } from "./observer.ts";

/** The figures of one service; the counting ones only grow. */
export interface ServiceCounters {
  readonly service: string;
  instances: Readonly<Record<InstanceState, number>>;
  /** Milliseconds since 1970-01-01 UTC; `undefined` while live. */
  staleSince: number | undefined;
  panic: boolean;
  /** How many instances are ejected now. */
  ejected: number;
  picks: number;
  readonly ejections: Record<EjectionReason, number>;
  retries: number;
  retriesRefused: number;
}

/** An observer that counts, for a metrics page to read from. */
export interface DiscoveryCounters extends Required<DiscoveryObserver> {
  /** One entry for each service that was observed, by name. */
  services(): readonly Readonly<ServiceCounters>[];
}

const none: Readonly<Record<InstanceState, number>> = { up: 0, warning: 0, draining: 0, down: 0 };

/** Counters that stand at nothing. */
export function createDiscoveryCounters(): DiscoveryCounters {
  const all = new Map<string, ServiceCounters>();

  function of(service: string): ServiceCounters {
    let counters = all.get(service);
    if (counters === undefined) {
      counters = {
        service,
        instances: none,
        staleSince: undefined,
        panic: false,
        ejected: 0,
        picks: 0,
        ejections: { "consecutive-failures": 0, "success-rate": 0, "failure-percentage": 0 },
        retries: 0,
        retriesRefused: 0,
      };
      all.set(service, counters);
    }
    return counters;
  }

  return {
    services: () => [...all.values()].sort((a, b) => (a.service < b.service ? -1 : 1)),
    snapshot({ service, instances, staleSince }) {
      const counters = of(service);
      counters.instances = instances;
      counters.staleSince = staleSince;
    },
    picked(service) {
      of(service).picks += 1;
    },
    ejected({ service, reason }) {
      const counters = of(service);
      counters.ejections[reason] += 1;
      counters.ejected += 1;
    },
    returned({ service }) {
      of(service).ejected -= 1;
    },
    panic({ service, on }) {
      of(service).panic = on;
    },
    retry({ service, sent }) {
      of(service)[sent ? "retries" : "retriesRefused"] += 1;
    },
  };
}
