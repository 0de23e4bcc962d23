import type { PlatformEvent, PlatformHost } from "@plinth/module";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { addFigures } from "./figures.ts";

/** The platform's figures for Prometheus, in a registry of their own. */
export interface Metrics {
  observeRequest(labels: RequestLabels, seconds: number): void;
  /** Begins to note how long modules take to start, until the returned function is called. */
  begin(): () => void;
  /** The registry of a module's own figures, made when it is first asked for. */
  registryOf(module: string): Registry;
  /**
   * Shows further figures, which `collect` is asked for each time, until the returned function is called.
   * Those that are malformed, or have a name that is there already, are left out.
   */
  include(collect: () => Promise<readonly unknown[]>): () => void;
  /** Leaves out a module's own figures from now on. */
  forget(module: string): void;
  readonly contentType: string;
  /** All figures as text. Those of the process, whose collection costs a little, begin with the first call. */
  render(): Promise<string>;
}

export interface RequestLabels {
  readonly module: string;
  /** The route's pattern, so that ids in paths do not become series. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
}

export function createMetrics(platform: PlatformHost): Metrics {
  const registry = new Registry();
  const ofModules = new Map<string, Registry>();
  const included = new Set<() => Promise<readonly unknown[]>>();
  const registers = [registry];
  const requests = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from the arrival of a request to the end of its answer.",
    labelNames: ["module", "route", "method", "status"] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const moduleStarts = new Gauge({
    name: "plinth_module_start_seconds",
    help: "Time from the beginning of a module's start until it was running.",
    labelNames: ["module"] as const,
    registers,
  });
  const platformStart = new Gauge({
    name: "plinth_start_seconds",
    help: "Time from the first module's start that the HTTP host saw until the platform was running.",
    registers,
  });
  new Gauge({
    name: "plinth_module_state",
    help: "1 for the state that a module is in.",
    labelNames: ["module", "state"] as const,
    registers,
    collect() {
      this.reset();
      for (const { name, state } of platform.status().modules) this.set({ module: name, state }, 1);
    },
  });
  new Gauge({
    name: "plinth_state",
    help: "1 for the state that the platform is in.",
    labelNames: ["state"] as const,
    registers,
    collect() {
      this.reset();
      this.set({ state: platform.status().state }, 1);
    },
  });

  const began = new Map<string, number>();
  let first: number | undefined;
  let collecting = false;
  function note(event: PlatformEvent): void {
    if (event.type === "module.state") {
      first ??= event.at;
      if (event.to === "running") {
        const since = began.get(event.module);
        if (since !== undefined) moduleStarts.set({ module: event.module }, (event.at - since) / 1000);
        began.delete(event.module);
      } else if (!began.has(event.module)) began.set(event.module, event.at);
    } else if (event.type === "platform.state" && event.from === "starting" && first !== undefined) {
      if (event.to === "running" || event.to === "degraded") platformStart.set((event.at - first) / 1000);
    }
  }

  return {
    observeRequest: (labels, seconds) => requests.observe(labels, seconds),
    begin: () => platform.onEvent(note),
    registryOf(module) {
      let own = ofModules.get(module);
      if (own === undefined) {
        own = new Registry();
        ofModules.set(module, own);
      }
      return own;
    },
    forget: (module) => void ofModules.delete(module),
    include(collect) {
      included.add(collect);
      return () => void included.delete(collect);
    },
    contentType: registry.contentType,
    async render() {
      if (!collecting) collectDefaultMetrics({ register: registry });
      collecting = true;
      const figures = await Promise.all([...included].map((collect) => collect()));
      const merged = Registry.merge([registry, ...ofModules.values()]);
      addFigures(merged, figures.flat());
      return merged.metrics();
    },
  };
}
