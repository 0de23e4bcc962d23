import type { Endpoint, Locality, ServiceInstance } from "@plinth/discovery";
import type { HealthEntry } from "../health-entry.ts";
import { decodeOwnMeta, foreignMeta } from "../service-meta.ts";
import { stateOf } from "./instance-state.ts";

/** An instance's id: Consul's ids of services are unique on their node only. */
export function instanceId(node: string, serviceId: string): string {
  return `${node}/${serviceId}`;
}

/**
 * An instance as the port knows it. One that others registered has a single endpoint, `defaultEndpoint` at the
 * service's port (none where it has no port), and its version from `version` in its metadata.
 */
export function decodeInstance(
  entry: HealthEntry,
  defaultEndpoint: { readonly name: string; readonly protocol: string },
): ServiceInstance {
  const { Node: node, Service: service } = entry;
  const meta = service.Meta ?? {};
  const own = decodeOwnMeta(meta);
  const address = service.Address || node.Address;
  const endpoints: Endpoint[] =
    own.endpoints.length > 0
      ? own.endpoints.map(({ name, protocol, host, port }) => ({ name, protocol, host: host ?? address, port }))
      : service.Port > 0
        ? [{ ...defaultEndpoint, host: address, port: service.Port }]
        : [];
  const state = stateOf(entry.Checks ?? []);
  const weight = state === "warning" ? service.Weights?.Warning : service.Weights?.Passing;
  const version = own.version ?? meta.version;
  return {
    id: instanceId(node.ID || node.Node, service.ID),
    service: service.Service,
    ...(version === undefined ? {} : { version }),
    endpoints,
    state,
    // Consul lets the weight of a warning be 0, the port does not.
    weight: Math.max(weight ?? 1, 1),
    locality: localityOf(entry, own.locality ?? {}),
    tags: [...(service.Tags ?? [])],
    metadata: foreignMeta(meta),
  };
}

/** What the instance says, else its service or node in Consul; the datacenter where nobody names a region. */
function localityOf({ Node: node, Service: service }: HealthEntry, own: Locality): Locality {
  const region = own.region ?? service.Locality?.Region ?? node.Locality?.Region ?? node.Datacenter;
  const zone = own.zone ?? service.Locality?.Zone ?? node.Locality?.Zone ?? node.Meta?.zone;
  return {
    ...(region ? { region } : {}),
    ...(zone ? { zone } : {}),
    node: own.node ?? node.Node,
    ...(own.hintZones === undefined ? {} : { hintZones: own.hintZones }),
  };
}
