import { type EndpointSpec, registryError, type ServiceInstance, type Snapshot } from "@plinth/discovery";
import type { Logger } from "@plinth/module";
import { podInstanceId, unnamedPort } from "../slices/endpoint-copy.ts";
import type { PodIdentity } from "./pod.ts";

/** The id of the pod's instance, where it can be known beforehand. */
export function knownId({ name, uid }: PodIdentity): string | undefined {
  return uid === undefined ? undefined : podInstanceId(name, uid);
}

/** The instance that is this pod: by its uid, else by its name, else by its address. */
export function ownOf(instances: readonly ServiceInstance[], pod: PodIdentity): ServiceInstance | undefined {
  const id = knownId(pod);
  return instances.find((instance) => {
    if (id !== undefined && instance.id === id) return true;
    if (instance.metadata.pod !== undefined) return id === undefined && instance.metadata.pod === pod.name;
    return pod.ip !== undefined && instance.endpoints.some(({ host }) => host === pod.ip);
  });
}

/** Whether it takes requests. */
export function isUp(instance: ServiceInstance | undefined): instance is ServiceInstance {
  return instance?.state === "up" || instance?.state === "warning";
}

/** Why the pod does not show as up, as far as what is known tells. */
export function whyNot(known: Snapshot | undefined, pod: PodIdentity, service: string, namespace: string): string {
  if (known === undefined) return "the API server has not answered";
  if (known.status === "stale") return known.lastError?.message ?? "what is known is old";
  if (ownOf(known.instances, pod) !== undefined) {
    return `the pod ${pod.name} is in its EndpointSlices, but not ready: look at its readiness probe`;
  }
  if (known.instances.length > 0) {
    return `the pod ${pod.name} is in none of its EndpointSlices: look at the Service's selector`;
  }
  return `there are no endpoints of a Service "${service}" in the namespace "${namespace}"`;
}

/**
 * Holds the endpoints registered against what the Service leads to. A Service with one port need not name it.
 *
 * @throws RegistryError `DISCOVERY_INVALID` when none of them can be reached by the Service.
 */
export function checkPorts(
  { endpoints: shown }: ServiceInstance,
  endpoints: readonly EndpointSpec[],
  service: string,
  log: Logger,
): void {
  const missing = endpoints.filter(
    ({ name, port }) => !shown.some((one) => one.port === port && (one.name === name || one.name === unnamedPort)),
  );
  if (missing.length === 0) return;
  const list = (all: readonly { readonly name: string; readonly port: number }[]): string =>
    all.map(({ name, port }) => `${name} at ${port}`).join(", ");
  const leads = `the Service "${service}" leads to ${list(shown)}`;
  if (missing.length === endpoints.length) {
    const reason = `${leads}, and to none of the endpoints registered: ${list(missing)}; its targetPort and port names must match`;
    throw registryError("DISCOVERY_INVALID", { reason });
  }
  log.warn({ service }, `${leads}, and not to ${list(missing)}`);
}
