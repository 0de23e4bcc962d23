import {
  type BackoffOptions,
  type CheckedRegistration,
  RegistrationKeeper,
  type RegistryError,
  registryError,
  type WatchHub,
} from "@plinth/discovery";
import type { Clock } from "@plinth/module";
import type { ApiClient } from "../api/api-client.ts";
import { ApiError } from "../api/api-error.ts";
import { type Attempt, apiFault } from "../api/api-fault.ts";
import { LeaseRenewal } from "./lease-renewal.ts";
import { ManagedApi } from "./managed-api.ts";
import { type ManagedIdentity, managedLease, managedNames, managedSlice } from "./managed-objects.ts";
import type { PodIdentity } from "./pod.ts";
import { type Supervision, supervise } from "./supervise.ts";

/** How instances are managed. */
export interface Managing {
  readonly client: ApiClient;
  readonly hub: WatchHub;
  readonly namespace: string;
  readonly pod: PodIdentity | undefined;
  /** Where this process runs: the first part of its instances' ids. */
  readonly node: string;
  /** Unique for this process. */
  readonly holder: string;
  /** The host of endpoints that name none. */
  readonly host: string | undefined;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff?: BackoffOptions;
  /** The names of entries that are kept here, so that the sweep leaves them. */
  readonly own: Set<string>;
}

/** Registers by an EndpointSlice of the instance's own, and a Lease that shows its process alive. */
export function manageRegistration(
  managing: Managing,
  checked: CheckedRegistration,
  onEnd: () => void,
): RegistrationKeeper {
  const { hub, client, namespace, leaseMs, clock, backoff } = managing;
  const { service } = checked;
  const identity: ManagedIdentity = { ...managing, ...managedNames(service, managing.node, checked.id) };
  const registry = client.access.server;
  const attempt: Attempt = { registry, namespace, action: `register "${checked.id}"`, role: "managed" };
  const api = new ManagedApi(client, identity, attempt);
  let replaced = false;
  const replacement = (): RegistryError => registryError("DISCOVERY_REPLACED", { id: checked.id, service, registry });
  const renewal = new LeaseRenewal(managing, api, (error) => {
    if (error instanceof ApiError && error.code === 409) {
      replaced = true;
      // Should the other one be killed, its entry is nobody's here.
      managing.own.delete(identity.name);
      keeper.lost(replacement());
    } else keeper.lost(apiFault(error, attempt));
  });
  let supervision: Supervision | undefined;

  const keeper: RegistrationKeeper = new RegistrationKeeper({
    checked,
    id: identity.id,
    registry,
    clock,
    ...(backoff === undefined ? {} : { backoff }),
    calls: {
      async apply(desired, signal) {
        // Before anything is written: what a slice cannot say leaves no trace.
        const slice = managedSlice(desired, identity, managing.host);
        await renewal.end();
        // The first write takes over whatever is there; one who was taken over himself waits until it is free.
        if (replaced && (await api.isTaken())) throw replacement();
        replaced = false;
        managing.own.add(identity.name);
        // The lease comes first and goes last, so that the sweep finds whatever a crash leaves behind.
        await api.putLease(managedLease(service, identity, leaseMs, clock.wallTime()));
        signal.throwIfAborted();
        await api.putSlice(slice);
        supervision?.restart();
        supervision ??= supervise({
          hub,
          service,
          keeper: () => keeper,
          shows: (instances) => instances.some(({ id }) => id === identity.id),
          missing: () => {
            const reason = `its EndpointSlice ${identity.name} is gone`;
            return registryError("DISCOVERY_UNAVAILABLE", { registry, action: "keep the registration", reason });
          },
        });
        renewal.begin();
        return identity.id;
      },
      async remove() {
        await renewal.end();
        await api.remove();
      },
    },
    onEnd() {
      managing.own.delete(identity.name);
      supervision?.end();
      void renewal.end();
      onEnd();
    },
  });
  return keeper;
}
