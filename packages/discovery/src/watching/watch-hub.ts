import { type Clock, systemClock } from "@plinth/module";
import { abortedError } from "../port/registry-error.ts";
import type { ServiceRegistry } from "../port/service-registry.ts";
import { HubWatcher } from "./hub-watcher.ts";
import { queryProblem } from "./query.ts";
import { resolveFrom } from "./resolve.ts";
import { SharedUpstreams } from "./shared-upstreams.ts";
import type { UpstreamOptions } from "./upstream.ts";

/** How an adapter's watches behave. */
export interface WatchHubOptions extends Omit<UpstreamOptions, "clock"> {
  /** How long an upstream stays open when its last watcher has gone. Default 30,000. */
  readonly lingerMs?: number;
  /** How long `resolve` waits for the registry's word. Default 5,000. */
  readonly resolveTimeoutMs?: number;
  readonly clock?: Clock;
}

/**
 * The reading half of a registry, built on an adapter's upstream watches: one for each service, however
 * many watchers it has. Disposing of it ends all watchers and waits until the upstreams have ended.
 */
export interface WatchHub extends Pick<ServiceRegistry, "watch" | "resolve">, AsyncDisposable {
  /** What is amiss with the watches, a sentence each; empty when nothing is. */
  complaints(): readonly string[];
  /** How many upstreams are open, those that linger included. */
  readonly upstreams: number;
}

/** Makes the reading half of a registry out of `options.open`. */
export function createWatchHub(options: WatchHubOptions): WatchHub {
  const { clock = systemClock, lingerMs = 30_000, resolveTimeoutMs = 5_000 } = options;
  const upstreams = new SharedUpstreams({ ...options, clock }, lingerMs);
  const closing = new AbortController();
  const closed = (action: string) => abortedError(action, closing.signal);

  return {
    watch(query, { signal } = {}) {
      const ends = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
      const action = `watch "${query.service}"`;
      const aborted = (): void => watcher.finish(abortedError(action, ends));
      const watcher: HubWatcher = new HubWatcher(action, query, () => {
        ends.removeEventListener("abort", aborted);
        queueMicrotask(() => upstreams.leave(query.service, watcher));
      });
      const problem = queryProblem(query);
      if (problem !== undefined) watcher.failed(problem);
      else if (ends.aborted) aborted();
      else {
        ends.addEventListener("abort", aborted, { once: true });
        upstreams.join(query.service, watcher);
      }
      return watcher;
    },
    async resolve(query, { signal, maxStaleMs = Number.POSITIVE_INFINITY } = {}) {
      const problem = queryProblem(query);
      if (problem !== undefined) throw problem;
      const action = `resolve "${query.service}"`;
      if (closing.signal.aborted) throw closed(action);
      if (signal?.aborted) throw abortedError(action, signal);
      const ends = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
      const { registry } = options;
      return resolveFrom(upstreams, { query, maxStaleMs, timeoutMs: resolveTimeoutMs, signal: ends, clock, registry });
    },
    complaints: () =>
      [...upstreams].flatMap(([service, { lastFault }]) =>
        lastFault === undefined ? [] : [`what is known of "${service}" may be old: ${lastFault.message}`],
      ),
    get upstreams() {
      return [...upstreams].length;
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Error("the registry was closed"));
      await upstreams.close();
    },
  };
}
