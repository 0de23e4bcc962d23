import type { Clock, RemoteLink } from "@plinth/module";
import { type MetricObjectWithValues, type MetricValue, Registry } from "prom-client";
import type { Metrics } from "../metrics.ts";
import type { ModuleMetrics } from "../module-metrics.ts";
import { waitFor } from "../wait.ts";

/** The figures of one metric. */
export type MetricFigures = MetricObjectWithValues<MetricValue<string>>;

/** How long the figures of a module's process are waited for, in milliseconds. */
const patienceMs = 1_000;

/** Lets `/metrics` show what a module's process counts, as long as that answers. */
export function serveMetrics(link: RemoteLink, metrics: Metrics, clock: Clock): void {
  const stop = metrics.include(async () => {
    let figures: readonly MetricFigures[] = [];
    await waitFor(clock, patienceMs, link.signal, (done) => {
      link.call<readonly MetricFigures[]>("figures").then(
        (found) => {
          figures = found;
          done();
        },
        () => done(),
      );
    });
    return figures;
  });
  link.signal.addEventListener("abort", stop, { once: true });
}

/** The service `Metrics` in a process of the module's own, which is asked whenever `/metrics` is. */
export default function connectMetrics(link: RemoteLink): ModuleMetrics {
  const registry = new Registry();
  link.handle("figures", async () => registry.getMetricsAsJSON());
  return { registry };
}
