import type { Metric, Registry } from "prom-client";
import * as z from "zod";

const name = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);

const figures = z.object({
  name,
  help: z.string(),
  type: z.enum(["counter", "gauge", "histogram", "summary"]),
  values: z.array(
    z.object({
      metricName: name.optional(),
      labels: z.record(name, z.union([z.string(), z.number()])),
      value: z.union([z.number(), z.nan(), z.literal([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])]),
    }),
  ),
});

/**
 * Adds figures that another process has counted, as prom-client gives them as JSON. Those that are
 * malformed, or have a name that is there already, are left out: they must not spoil the others.
 */
export function addFigures(registry: Registry, counted: readonly unknown[]): void {
  for (const one of counted) {
    const { data } = figures.safeParse(one);
    if (data === undefined || registry.getSingleMetric(data.name) !== undefined) continue;
    const metric = { name: data.name, get: async () => data };
    registry.registerMetric(metric as unknown as Metric);
  }
}
