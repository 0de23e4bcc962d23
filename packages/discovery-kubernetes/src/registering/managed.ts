import {
  type BackoffOptions,
  type CheckedRegistration,
  RegistrationKeeper,
  registryError,
  type WatchHub,
} from "@plinth/discovery";
import type { Clock, Timer } from "@plinth/module";
import type { ApiClient } from "../api/api-client.ts";
import { type Attempt, apiFault } from "../api/api-fault.ts";
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
  const renewing = new Renewing(managing, api, (error) => keeper.lost(apiFault(error, attempt)));
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
        renewing.begin();
        return identity.id;
      },
      async remove() {
        await renewing.end();
        await api.remove();
      },
    },
    onEnd() {
      managing.own.delete(identity.name);
      supervision?.end();
      void renewing.end();
      onEnd();
    },
  });
  return keeper;
}

/** Renews a lease three times in its duration. */
class Renewing {
  readonly #managing: Managing;
  readonly #api: ManagedApi;
  readonly #onFailure: (error: unknown) => void;
  #timer: Timer | undefined;
  #renewal: Promise<void> = Promise.resolve();
  #running = false;

  constructor(managing: Managing, api: ManagedApi, onFailure: (error: unknown) => void) {
    this.#managing = managing;
    this.#api = api;
    this.#onFailure = onFailure;
  }

  begin(): void {
    if (this.#running) return;
    this.#running = true;
    this.#plan();
  }

  /** Resolves when no renewal is under way any more. */
  async end(): Promise<void> {
    this.#running = false;
    this.#timer?.cancel();
    await this.#renewal;
  }

  #plan(): void {
    const { clock, random, leaseMs } = this.#managing;
    this.#timer = clock.timer((leaseMs / 3) * (0.9 + 0.2 * random()), () => {
      this.#renewal = this.#renew();
    });
  }

  async #renew(): Promise<void> {
    try {
      await this.#api.renewLease(this.#managing.clock.wallTime());
    } catch (error) {
      if (this.#running) this.#onFailure(error);
    }
    if (this.#running) this.#plan();
  }
}
