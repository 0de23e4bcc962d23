import { type ServiceRef, service } from "@plinth/module";
import type { Registry } from "prom-client";

/** A module's own figures on `/metrics`. */
export interface ModuleMetrics {
  /**
   * A registry of prom-client of the module's own: metrics that are made with it show on `/metrics`
   * while the module runs. Two modules must not use one name.
   */
  readonly registry: Registry;
}

/** Each module that requires it has its own. */
export const Metrics: ServiceRef<ModuleMetrics> = service<ModuleMetrics>("http.metrics");
