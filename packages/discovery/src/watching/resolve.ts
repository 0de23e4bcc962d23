import type { Clock } from "@plinth/module";
import { abortedError, type RegistryError, registryError } from "../port/registry-error.ts";
import type { ServiceQuery } from "../port/service-query.ts";
import type { Snapshot } from "../port/snapshot.ts";
import { selectInstances } from "./query.ts";
import type { SharedUpstreams } from "./shared-upstreams.ts";
import type { UpstreamListener } from "./upstream.ts";

/** One answer that is waited for. */
export interface Resolving {
  readonly query: ServiceQuery;
  readonly maxStaleMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  /** The registry as errors name it. */
  readonly registry: string;
}

/** Answers from the service's shared upstream: at once where enough is known, else with its next word. */
export function resolveFrom(upstreams: SharedUpstreams, resolving: Resolving): Promise<Snapshot> {
  const { query, maxStaleMs, timeoutMs, signal, clock, registry } = resolving;
  const { service } = query;
  return new Promise((resolve, reject) => {
    let tooOld: Snapshot | undefined;
    const listener: UpstreamListener = {
      observed(snapshot) {
        if (snapshot.status === "stale" && clock.wallTime() - snapshot.observedAt > maxStaleMs) {
          tooOld = snapshot;
          return;
        }
        settle();
        const instances = selectInstances(snapshot.instances, query);
        resolve(instances === snapshot.instances ? snapshot : Object.freeze({ ...snapshot, instances }));
      },
      faulted: refuse,
      failed: refuse,
    };
    const timer = clock.timer(timeoutMs, () => {
      if (tooOld === undefined) {
        refuse(registryError("DISCOVERY_TIMEOUT", { registry, action: `resolve "${service}"`, limit: timeoutMs }));
        return;
      }
      const age = Math.round(clock.wallTime() - tooOld.observedAt);
      refuse(registryError("DISCOVERY_STALE", { service, age, limit: maxStaleMs }, { cause: tooOld.lastError }));
    });
    signal?.addEventListener("abort", aborted, { once: true });
    upstreams.join(service, listener);

    function aborted(): void {
      refuse(abortedError(`resolve "${service}"`, signal));
    }
    function refuse(error: RegistryError): void {
      settle();
      reject(error);
    }
    function settle(): void {
      timer.cancel();
      signal?.removeEventListener("abort", aborted);
      // `join` tells what is known before it returns, so that leaving waits until it has.
      queueMicrotask(() => upstreams.leave(service, listener));
    }
  });
}
