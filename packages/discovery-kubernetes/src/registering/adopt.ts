import {
  type BackoffOptions,
  type CheckedRegistration,
  RegistrationKeeper,
  type RegistryError,
  registryError,
  type ServiceInstance,
  type WatchHub,
} from "@plinth/discovery";
import type { Clock, Logger } from "@plinth/module";
import { checkPorts, isUp, knownId, ownOf, whyNot } from "./own-pod.ts";
import type { PodIdentity } from "./pod.ts";
import type { ReadinessGate } from "./readiness.ts";
import { type Supervision, supervise } from "./supervise.ts";

/** How pods are adopted. */
export interface Adopting {
  readonly hub: WatchHub;
  readonly gate: ReadinessGate;
  readonly pod: PodIdentity | undefined;
  readonly namespace: string;
  /** The server as errors name it. */
  readonly registry: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly backoff?: BackoffOptions;
  /** How long the pod may take to show in the slices. */
  readonly deadlineMs: number;
}

/**
 * Registers by making the pod ready: the Service's selector and the probe do the rest, and nothing is written. What
 * slices cannot say (version, weight, tags, metadata) is not told to anybody.
 */
export function adoptRegistration(
  adopting: Adopting,
  checked: CheckedRegistration,
  onEnd: () => void,
): RegistrationKeeper {
  const { hub, gate, registry, clock, log, backoff, deadlineMs } = adopting;
  const { service, id } = checked;
  const me = {};
  let wanted = true;
  let supervision: Supervision | undefined;

  const keeper: RegistrationKeeper = new RegistrationKeeper({
    checked,
    id: adopting.pod === undefined ? id : (knownId(adopting.pod) ?? adopting.pod.name),
    registry,
    clock,
    ...(backoff === undefined ? {} : { backoff }),
    // Its own deadline comes first, for it can say what is missing.
    callTimeoutMs: deadlineMs + 5_000,
    calls: {
      async apply({ state, endpoints }, signal) {
        const pod = adopting.pod ?? refuseOutsidePod(id);
        wanted = state === "up" || state === "warning";
        await gate.want(me, wanted);
        if (!wanted) return keeper.id;
        const instance = await appearance(adopting, pod, service, signal);
        checkPorts(instance, endpoints, service, log);
        supervision ??= supervise({
          hub,
          service,
          keeper: () => keeper,
          shows: (instances) => !wanted || isUp(ownOf(instances, pod)),
          missing: () => unavailable(adopting, service, `the pod ${pod.name} is no longer ready in its EndpointSlices`),
        });
        return instance.id;
      },
      async remove() {
        await gate.want(me, false);
      },
    },
    onEnd() {
      supervision?.end();
      onEnd();
    },
  });
  return keeper;
}

/** Waits until the pod is in the service's slices and takes requests. */
async function appearance(
  adopting: Adopting,
  pod: PodIdentity,
  service: string,
  signal: AbortSignal,
): Promise<ServiceInstance> {
  const { hub, clock, deadlineMs } = adopting;
  const late = new AbortController();
  const timer = clock.timer(deadlineMs, () => late.abort());
  const watcher = hub.watch({ service }, { signal: AbortSignal.any([signal, late.signal]) });
  // A denial does not end the watch, but here there is nothing to wait for.
  const denied = watcher.ready.then(() => new Promise<never>(() => {}));
  const found = (async () => {
    for await (const snapshot of watcher) {
      const own = ownOf(snapshot.instances, pod);
      if (snapshot.status === "live" && isUp(own)) return own;
    }
    signal.throwIfAborted();
    throw unavailable(adopting, service, whyNot(watcher.current, pod, service, adopting.namespace));
  })();
  found.catch(() => {});
  try {
    return await Promise.race([found, denied.catch((error) => (late.signal.aborted ? found : Promise.reject(error)))]);
  } finally {
    timer.cancel();
    await watcher[Symbol.asyncDispose]();
  }
}

function refuseOutsidePod(id: string): never {
  const reason = `"${id}" cannot be adopted outside a pod: set POD_NAME, or choose managed registration`;
  throw registryError("DISCOVERY_INVALID", { reason });
}

function unavailable({ registry }: Adopting, service: string, reason: string): RegistryError {
  return registryError("DISCOVERY_UNAVAILABLE", { registry, action: `adopt the pod for "${service}"`, reason });
}
