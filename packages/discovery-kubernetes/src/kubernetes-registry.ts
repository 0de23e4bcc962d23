import { hostname, networkInterfaces } from "node:os";
import {
  abortedError,
  type BackoffOptions,
  createRegistrationBook,
  createWatchHub,
  registryHealth,
  type ServiceRegistry,
} from "@plinth/discovery";
import { type Clock, type Logger, silentLogger, systemClock } from "@plinth/module";
import type { ApiAccess } from "./access/api-access.ts";
import { findAccess } from "./access/find-access.ts";
import { ApiClient } from "./api/api-client.ts";
import { apiFault } from "./api/api-fault.ts";
import { adoptRegistration } from "./registering/adopt.ts";
import { sweepLeases } from "./registering/lease-sweep.ts";
import { manageRegistration } from "./registering/managed.ts";
import { type PodIdentity, podFromEnvironment } from "./registering/pod.ts";
import { type Readiness, ReadinessGate } from "./registering/readiness.ts";
import { type AddressFamily, copiesOf } from "./slices/endpoint-copy.ts";
import { followSlices } from "./slices/follow-slices.ts";
import { serviceLabel } from "./slices/instance-annotation.ts";
import { listSlices } from "./slices/list-slices.ts";
import { slicesPath } from "./slices/slices-path.ts";

/** How a registry on Kubernetes behaves. */
export interface KubernetesRegistryOptions {
  /** Default: what `findAccess` finds. */
  readonly access?: ApiAccess;
  /** Default: the one of the access. */
  readonly namespace?: string;
  /**
   * What registering means. `adopt`, the default: the Service's selector and the pod's readiness decide, nothing is
   * written. `managed`: an EndpointSlice of the instance's own, for processes outside a pod and Services without a selector.
   */
  readonly registration?: "adopt" | "managed";
  /** Default: by POD_NAME, POD_UID and POD_IP. */
  readonly pod?: PodIdentity;
  /** Adopting: what the pod's readiness probe asks. Default: nobody, the probe answers by itself. */
  readonly readiness?: Readiness;
  /** Adopting: how long the pod may take to show in the slices before its registration is degraded. Default 10,000. */
  readonly adoptDeadlineMs?: number;
  /** Managed: where this process runs, for the ids of its instances. Default: the pod's name, else the machine's. */
  readonly node?: string;
  /** Managed: the host of endpoints that name none. Default: the pod's address, else the machine's first one. */
  readonly host?: string;
  /** Managed: how long an entry outlives its process. Default 30,000. */
  readonly leaseMs?: number;
  /** Which address an instance has that could be reached by both. Default `IPv4`. */
  readonly preferredFamily?: AddressFamily;
  /** How long an instance that vanishes while it is up is kept, in case it only moves to another slice. Default 100. */
  readonly holdMs?: number;
  /** The limit of one request. Default 10,000. */
  readonly requestTimeoutMs?: number;
  /** The longest line of a watch. Default 16 MiB. */
  readonly maxLineBytes?: number;
  /** The waits between tries, of watches and of registrations. */
  readonly backoff?: BackoffOptions;
  /** How long a watch goes on after its last watcher has gone. Default 30,000. */
  readonly lingerMs?: number;
  /** How long `resolve` waits for the cluster's word. Default 5,000. */
  readonly resolveTimeoutMs?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Hears of denials, with the Role that is missing, and of other faults. Default: silent. */
  readonly log?: Logger;
}

/**
 * A registry on the EndpointSlices of one namespace.
 *
 * @throws RegistryError `DISCOVERY_NO_CLUSTER` or `DISCOVERY_KUBECONFIG` when there is no way to sign in.
 */
export function createKubernetesRegistry(options: KubernetesRegistryOptions = {}): ServiceRegistry {
  const { env = process.env, clock = systemClock, random = Math.random, log = silentLogger, backoff } = options;
  const access = options.access ?? findAccess(env, clock);
  const { namespace = access.namespace, leaseMs = 30_000, requestTimeoutMs = 10_000 } = options;
  const pod = options.pod ?? podFromEnvironment(env);
  const registry = access.server;
  const timing = { clock, ...(backoff === undefined ? {} : { backoff }) };
  const client = new ApiClient({ access, clock, requestTimeoutMs });
  const closing = new AbortController();

  const hub = createWatchHub({
    registry,
    ...timing,
    ...(options.lingerMs === undefined ? {} : { lingerMs: options.lingerMs }),
    ...(options.resolveTimeoutMs === undefined ? {} : { resolveTimeoutMs: options.resolveTimeoutMs }),
    open: followSlices({
      client,
      namespace,
      log,
      random,
      ...timing,
      preferredFamily: options.preferredFamily ?? "IPv4",
      holdMs: options.holdMs ?? 100,
      maxLineBytes: options.maxLineBytes ?? 16 * 1024 * 1024,
    }),
  });

  const gate = new ReadinessGate(options.readiness);
  const own = new Set<string>();
  let sweep: Promise<void> | undefined;
  const node = options.node ?? pod?.name ?? hostname();
  const holder = `${node}/${crypto.randomUUID()}`;
  const common = { hub, namespace, pod, log, ...timing };

  const book = createRegistrationBook((checked, onEnd) => {
    if (options.registration !== "managed") {
      const deadlineMs = options.adoptDeadlineMs ?? 10_000;
      return adoptRegistration({ ...common, gate, registry, deadlineMs }, checked, onEnd);
    }
    sweep ??= sweepLeases({ client, namespace, leaseMs, clock, random, log, own }, closing.signal);
    const host = options.host ?? pod?.ip ?? machineAddress();
    return manageRegistration({ ...common, client, node, holder, host, leaseMs, random, own }, checked, onEnd);
  });

  async function services(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const action = "list services";
    if (closing.signal.aborted) throw abortedError(action, closing.signal);
    const ends = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
    try {
      const { slices } = await listSlices(client, { path: slicesPath(namespace), labelSelector: serviceLabel }, ends);
      const names = slices
        .filter((slice) => copiesOf(slice).length > 0)
        .map(({ metadata }) => metadata.labels?.[serviceLabel] ?? "");
      return [...new Set(names)].sort();
    } catch (error) {
      if (ends.aborted) throw abortedError(action, ends);
      throw apiFault(error, { registry, namespace, action, role: "watching" });
    }
  }

  return {
    register: book.register,
    watch: hub.watch,
    resolve: hub.resolve,
    services: ({ signal } = {}) => services(signal),
    health: () => registryHealth(hub, book),
    async [Symbol.asyncDispose]() {
      closing.abort(new Error("the registry was closed"));
      try {
        await book[Symbol.asyncDispose]();
      } finally {
        await Promise.all([hub[Symbol.asyncDispose](), sweep]);
        await client.close();
      }
    },
  };
}

/** The first address of this machine that others may reach. */
function machineAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const reachable = addresses.filter(({ internal, scopeid }) => !internal && !scopeid);
  return (reachable.find(({ family }) => family === "IPv4") ?? reachable[0])?.address;
}
