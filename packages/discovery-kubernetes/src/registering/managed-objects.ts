import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { type DesiredRegistration, registryError } from "@plinth/discovery";
import type { EndpointConditions, EndpointSlice, Lease, OwnerReference } from "../api/objects.ts";
import {
  type InstanceFacts,
  instanceAnnotation,
  managedBy,
  managedByLabel,
  serviceLabel,
} from "../slices/instance-annotation.ts";
import type { PodIdentity } from "./pod.ts";

/** What the objects of one managed instance have in common. */
export interface ManagedIdentity {
  /** The instance's id in snapshots. */
  readonly id: string;
  /** The name of its EndpointSlice and of its Lease. */
  readonly name: string;
  /** The process that keeps it. */
  readonly holder: string;
  readonly namespace: string;
  readonly pod: PodIdentity | undefined;
}

/** Marks leases of managed instances. */
export const leaseLabel = "app.kubernetes.io/managed-by";

/** The names under which an instance of a node is kept. A restart on the same node with the same id takes its entry over. */
export function managedNames(
  service: string,
  node: string,
  id: string,
): { readonly id: string; readonly name: string } {
  const full = `${node}/${id}`;
  return { id: full, name: `${service}-${createHash("sha256").update(full).digest("hex").slice(0, 16)}` };
}

/**
 * The slice of one instance.
 *
 * @param host Of endpoints that name none.
 * @throws RegistryError `DISCOVERY_INVALID` for what a slice cannot say.
 */
export function managedSlice(
  desired: DesiredRegistration,
  identity: ManagedIdentity,
  host: string | undefined,
): EndpointSlice & { readonly apiVersion: string; readonly kind: string } {
  const address = addressOf(desired, host);
  const { service, locality, endpoints } = desired;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      ...metadataOf(identity),
      labels: { [serviceLabel]: service, [managedByLabel]: managedBy },
      annotations: { [instanceAnnotation]: JSON.stringify(factsOf(desired, identity)) },
    },
    addressType: isIP(address) === 6 ? "IPv6" : "IPv4",
    endpoints: [
      {
        addresses: [address],
        conditions: conditionsOf(desired.state),
        targetRef: { kind: "PlinthInstance", name: identity.id, uid: identity.id },
        ...(locality?.zone === undefined ? {} : { zone: locality.zone }),
        ...(isNodeName(locality?.node) ? { nodeName: locality.node } : {}),
        ...(locality?.hintZones === undefined || locality.hintZones.length === 0
          ? {}
          : { hints: { forZones: locality.hintZones.map((name) => ({ name })) } }),
      },
    ],
    ports: endpoints.map(({ name, port, protocol }) => ({ name, port, ...protocolsOf(name, protocol) })),
  };
}

/** The lease by which peers see that the process lives. */
export function managedLease(
  service: string,
  identity: ManagedIdentity,
  leaseMs: number,
  now: number,
): Lease & { readonly apiVersion: string; readonly kind: string } {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { ...metadataOf(identity), labels: { [serviceLabel]: service, [leaseLabel]: managedBy } },
    spec: {
      holderIdentity: identity.holder,
      leaseDurationSeconds: Math.ceil(leaseMs / 1000),
      renewTime: microTime(now),
    },
  };
}

/** A time as leases hold it, in microseconds. */
export function microTime(now: number): string {
  return new Date(now).toISOString().replace(/(\.\d{3})Z$/, "$1000Z");
}

function metadataOf({ name, namespace, pod }: ManagedIdentity) {
  const owner: readonly OwnerReference[] =
    pod?.uid === undefined ? [] : [{ apiVersion: "v1", kind: "Pod", name: pod.name, uid: pod.uid }];
  return { name, namespace, ...(owner.length === 0 ? {} : { ownerReferences: owner }) };
}

function factsOf(desired: DesiredRegistration, { id, holder }: ManagedIdentity): InstanceFacts {
  const { version, state, weight, locality, tags, metadata } = desired;
  const { hintZones: _inTheEndpoint, ...place } = locality ?? {};
  return {
    id,
    holder,
    ...(version === undefined ? {} : { version }),
    state,
    weight,
    ...(locality === undefined ? {} : { locality: place }),
    tags,
    metadata,
  };
}

function conditionsOf(state: DesiredRegistration["state"]): EndpointConditions {
  const up = state === "up" || state === "warning";
  return { ready: up, serving: state !== "down", terminating: state === "draining" };
}

function protocolsOf(name: string, protocol: string): { readonly protocol: string; readonly appProtocol?: string } {
  if (protocol === "tcp" || protocol === "udp" || protocol === "sctp") return { protocol: protocol.toUpperCase() };
  if (/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(protocol)) return { protocol: "TCP", appProtocol: protocol };
  throw registryError("DISCOVERY_INVALID", {
    reason: `Kubernetes has no way to say the protocol "${protocol}" of the endpoint "${name}"`,
  });
}

function addressOf({ id, endpoints }: DesiredRegistration, host: string | undefined): string {
  const hosts = [...new Set(endpoints.map((endpoint) => endpoint.host ?? host))];
  const [address] = hosts;
  const refuse = (reason: string) => registryError("DISCOVERY_INVALID", { reason: `"${id}": ${reason}` });
  if (address === undefined) throw refuse("its endpoints name no host, and this machine's address is not known");
  if (hosts.length > 1) throw refuse(`an EndpointSlice holds one address for an instance, not ${hosts.join(" and ")}`);
  if (isIP(address) === 0) throw refuse(`an EndpointSlice holds IP addresses, not the name ${address}`);
  return address;
}

function isNodeName(node: string | undefined): node is string {
  return node !== undefined && node.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(node);
}
