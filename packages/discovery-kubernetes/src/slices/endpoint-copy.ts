import { createHash } from "node:crypto";
import type { Endpoint, InstanceState, Locality, ServiceInstance } from "@plinth/discovery";
import type { EndpointConditions, EndpointSlice, SliceEndpoint, SlicePort } from "../api/objects.ts";
import { factsOf, type InstanceFacts, serviceLabel } from "./instance-annotation.ts";
import { protocolOf } from "./port-protocol.ts";

/** An endpoint as one slice shows it. Several slices may show the same one. */
export interface EndpointCopy {
  /** Equal for copies of the same endpoint. */
  readonly key: string;
  readonly family: AddressFamily;
  /** Without the zones of its hints. */
  readonly instance: ServiceInstance;
  /** The zones whose callers it is meant for; `undefined` where the slice says none. */
  readonly hintZones: readonly string[] | undefined;
}

export type AddressFamily = "IPv4" | "IPv6";

/** The name of an endpoint whose port has none. */
export const unnamedPort = "default";

/** The usable endpoints of a slice: those with an address of IPv4 or IPv6 and at least one port. */
export function copiesOf(slice: EndpointSlice): readonly EndpointCopy[] {
  const { addressType } = slice;
  // FQDN carries no meaning that anybody agreed on.
  if (addressType !== "IPv4" && addressType !== "IPv6") return [];
  const ports = (slice.ports ?? []).filter(({ port }) => port !== null && port !== undefined);
  if (ports.length === 0) return [];
  const service = slice.metadata.labels?.[serviceLabel] ?? "";
  const facts = factsOf(slice);
  return (slice.endpoints ?? []).flatMap((endpoint) => copyOf(endpoint, addressType, service, ports, facts) ?? []);
}

/**
 * What the conditions mean. Absent ones count as the API defines: ready and serving as true, terminating as false.
 * Whoever serves while terminating is draining.
 */
export function stateOf(conditions: EndpointConditions | null | undefined): InstanceState {
  const { ready, serving, terminating } = conditions ?? {};
  if (terminating === true) return serving === false ? "down" : "draining";
  return ready === false ? "down" : "up";
}

/** The id of the instance that runs in a pod: the pod's name, and enough of its uid to tell it from one of the same name. */
export function podInstanceId(name: string, uid: string): string {
  return `${name}.${/^[0-9a-f]{8}-/.test(uid) ? uid.slice(0, 8) : shortHash(uid)}`;
}

function copyOf(
  endpoint: SliceEndpoint,
  family: AddressFamily,
  service: string,
  ports: readonly SlicePort[],
  facts: InstanceFacts | undefined,
): EndpointCopy | undefined {
  // More than one address was never given a meaning either.
  const host = endpoint.addresses?.[0];
  if (host === undefined) return undefined;
  const address = addressId(host, family, ports);
  const { kind, name, uid } = endpoint.targetRef ?? {};
  const state = stateOf(endpoint.conditions);
  const locality = localityOf(endpoint, facts);
  return {
    key: uid ?? address,
    family,
    hintZones: hintZonesOf(endpoint),
    instance: {
      id: facts?.id ?? (uid === undefined ? address : podInstanceId(name ?? "", uid)),
      service,
      ...(facts?.version === undefined ? {} : { version: facts.version }),
      endpoints: ports.map(
        (port): Endpoint => ({
          name: port.name || unnamedPort,
          protocol: protocolOf(port),
          host,
          port: port.port as number,
        }),
      ),
      state: state === "up" && facts?.state === "warning" ? "warning" : state,
      weight: facts?.weight ?? 1,
      ...(locality === undefined ? {} : { locality }),
      tags: facts?.tags ?? [],
      metadata: facts?.metadata ?? (kind === "Pod" && name !== undefined ? { pod: name } : {}),
    },
  };
}

function localityOf({ zone, nodeName }: SliceEndpoint, facts: InstanceFacts | undefined): Locality | undefined {
  const locality = {
    ...(zone ? { zone } : {}),
    ...(nodeName ? { node: nodeName } : {}),
    ...facts?.locality,
  };
  return Object.keys(locality).length === 0 ? undefined : locality;
}

function hintZonesOf({ hints }: SliceEndpoint): readonly string[] | undefined {
  const zones = hints?.forZones?.map(({ name }) => name) ?? [];
  return zones.length === 0 ? undefined : zones;
}

/** `10.1.0.9:8080`, `[2001:db8::1]:8080,9090`. */
function addressId(host: string, family: AddressFamily, ports: readonly SlicePort[]): string {
  const numbers = [...new Set(ports.map(({ port }) => port as number))].sort((a, b) => a - b);
  return `${family === "IPv6" ? `[${host.toLowerCase()}]` : host}:${numbers.join(",")}`;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
