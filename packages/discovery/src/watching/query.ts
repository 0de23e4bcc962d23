import { isServiceName } from "../port/names.ts";
import { type RegistryError, registryError } from "../port/registry-error.ts";
import type { ServiceInstance } from "../port/service-instance.ts";
import type { ServiceQuery } from "../port/service-query.ts";

/** What is wrong with a query; `undefined` when it is fine. */
export function queryProblem(query: ServiceQuery): RegistryError | undefined {
  if (isServiceName(query.service)) return undefined;
  return registryError("DISCOVERY_INVALID", { reason: `"${query.service}" cannot be the name of a service` });
}

/** The instances that the query asks for, in the same order; the list itself when it asks for all. */
export function selectInstances(
  instances: readonly ServiceInstance[],
  query: ServiceQuery,
): readonly ServiceInstance[] {
  const tags = query.tags ?? [];
  const metadata = Object.entries(query.metadata ?? {});
  if (tags.length === 0 && metadata.length === 0) return instances;
  return Object.freeze(
    instances.filter(
      (instance) =>
        tags.every((tag) => instance.tags.includes(tag)) &&
        metadata.every(([key, value]) => instance.metadata[key] === value),
    ),
  );
}
