import type { DiscoveryCounters, ServiceCounters } from "@plinth/discovery";
import type { ModuleMetrics } from "@plinth/http";
import { Counter, Gauge } from "prom-client";

const states = ["up", "warning", "draining", "down"] as const;

/** Shows what calls through the registry have counted, by service, on `/metrics`. */
export function showDiscoveryMetrics(
  { registry }: ModuleMetrics,
  counters: DiscoveryCounters,
  wallTime: () => number,
): void {
  const registers = [registry];
  const each = (show: (service: ServiceCounters) => void) => {
    for (const service of counters.services()) show(service);
  };
  new Gauge({
    name: "plinth_discovery_instances",
    help: "Instances of a service by state.",
    labelNames: ["service", "state"] as const,
    registers,
    collect() {
      this.reset();
      each(({ service, instances }) => {
        for (const state of states) this.set({ service, state }, instances[state]);
      });
    },
  });
  new Gauge({
    name: "plinth_discovery_stale_seconds",
    help: "For how long the registry has not confirmed what is known of a service; 0 while it does.",
    labelNames: ["service"] as const,
    registers,
    collect() {
      this.reset();
      each(({ service, staleSince }) =>
        this.set({ service }, staleSince === undefined ? 0 : (wallTime() - staleSince) / 1000),
      );
    },
  });
  new Gauge({
    name: "plinth_discovery_ejected_instances",
    help: "Instances of a service that are left out now because calls to them failed.",
    labelNames: ["service"] as const,
    registers,
    collect() {
      this.reset();
      each(({ service, ejected }) => this.set({ service }, ejected));
    },
  });
  new Counter({
    name: "plinth_discovery_ejections_total",
    help: "How often an instance of a service was left out, by reason.",
    labelNames: ["service", "reason"] as const,
    registers,
    collect() {
      this.reset();
      each(({ service, ejections }) => {
        for (const [reason, count] of Object.entries(ejections)) this.inc({ service, reason }, count);
      });
    },
  });
  new Counter({
    name: "plinth_discovery_picks_total",
    help: "How often an instance of a service was picked.",
    labelNames: ["service"] as const,
    registers,
    collect() {
      this.reset();
      each(({ service, picks }) => this.inc({ service }, picks));
    },
  });
  new Counter({
    name: "plinth_discovery_retries_total",
    help: "Requests to a service that were sent again, and those that the budget did not allow to be.",
    labelNames: ["service", "outcome"] as const,
    registers,
    collect() {
      this.reset();
      each(({ service, retries, retriesRefused }) => {
        this.inc({ service, outcome: "sent" }, retries);
        this.inc({ service, outcome: "refused" }, retriesRefused);
      });
    },
  });
}
