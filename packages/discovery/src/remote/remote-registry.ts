import { type Clock, type Problem, type RemoteLink, systemClock } from "@plinth/module";
import { abortedError, type RegistryError, registryError } from "../port/registry-error.ts";
import type { RegistryHealth, ServiceRegistry } from "../port/service-registry.ts";
import type { Snapshot } from "../port/snapshot.ts";
import { instanceList } from "../watching/instance-list.ts";
import { queryProblem } from "../watching/query.ts";
import type { OpenUpstream, SnapshotSink } from "../watching/snapshot-sink.ts";
import { createWatchHub } from "../watching/watch-hub.ts";
import { RemoteRegistration } from "./remote-registration.ts";
import {
  asRegistryError,
  errorFrom,
  type RegistryNews,
  type WireRegistration,
  type WireSnapshot,
} from "./wire-registry.ts";

interface Watch {
  readonly sink: SnapshotSink;
  /** Whether instances have been published. */
  isKnown: boolean;
  readonly end: (error: RegistryError | undefined) => void;
}

/**
 * The host's registry, used from another process. Watches are shared here as they are by a registry, and
 * {@link ServiceRegistry.health} is at most half a second old.
 */
export async function remoteRegistry(link: RemoteLink, clock: Clock = systemClock): Promise<ServiceRegistry> {
  const watches = new Map<number, Watch>();
  const registrations = new Map<number, RemoteRegistration>();
  const closing = new AbortController();
  let lastWatch = 0;
  let health: RegistryHealth | undefined;

  link.handle("news", ([news]) => {
    const { health: now, registrations: standings } = news as RegistryNews;
    health = now;
    for (const standing of standings) registrations.get(standing.number)?.take(standing);
  });
  link.handle("snapshot", ([id, snapshot]) => {
    const watch = watches.get(id as number);
    if (watch !== undefined) tell(watch, snapshot as WireSnapshot);
  });
  link.handle("fault", ([id, problem]) => watches.get(id as number)?.sink.fault(errorFrom(problem as Problem)));
  link.handle("ended", ([id, problem]) =>
    watches.get(id as number)?.end(problem === undefined ? undefined : errorFrom(problem as Problem)),
  );

  const open: OpenUpstream = (service, sink, signal) =>
    new Promise((resolve, reject) => {
      lastWatch++;
      const id = lastWatch;
      const end = (error: RegistryError | undefined) => {
        watches.delete(id);
        if (error === undefined) resolve();
        else reject(error);
      };
      watches.set(id, { sink, end, isKnown: false });
      const leave = () => {
        end(undefined);
        link.call("unwatch", [id]).catch(() => {}); // with the host the watch is gone too
      };
      signal.addEventListener("abort", leave, { once: true });
      link
        .call("watch", [id, { service }])
        .catch((error: unknown) => end(asRegistryError(error, `watch "${service}"`)));
    });
  const hub = createWatchHub({ open, registry: "the platform", clock });
  const begun = await link.call<RegistryHealth>("begin");
  health ??= begun;

  async function asked<T>(action: string, method: string, args: unknown[], signal?: AbortSignal): Promise<T> {
    if (closing.signal.aborted) throw abortedError(action, closing.signal);
    try {
      return await link.call<T>(method, args, signal === undefined ? {} : { signal });
    } catch (error) {
      throw signal?.aborted ? abortedError(action, signal) : asRegistryError(error, action);
    }
  }

  return {
    watch: hub.watch,
    async resolve(query, { signal, maxStaleMs } = {}) {
      const problem = queryProblem(query);
      if (problem !== undefined) throw problem;
      return snapshotFrom(await asked(`resolve "${query.service}"`, "resolve", [query, maxStaleMs], signal));
    },
    services: ({ signal } = {}) => asked("list services", "services", [], signal),
    health: () => health ?? { status: "pass", messages: [] },
    async register(spec, { signal } = {}) {
      const standing = await asked<WireRegistration>(`register "${spec.service}"`, "register", [spec], signal);
      const before = registrations.get(standing.number);
      before?.take(standing);
      const registration = before ?? new RemoteRegistration(standing, asked);
      registrations.set(standing.number, registration);
      return registration;
    },
    async [Symbol.asyncDispose]() {
      if (closing.signal.aborted) return;
      try {
        await Promise.all([...registrations.values()].map((registration) => registration.deregister()));
      } finally {
        closing.abort(new Error("the registry was closed"));
        await hub[Symbol.asyncDispose]();
      }
    },
  };
}

function tell(watch: Watch, { status, instances, revision, lastError }: WireSnapshot): void {
  const { sink } = watch;
  if (status === "live" || !watch.isKnown) sink.publish(instances, revision);
  watch.isKnown = true;
  if (status === "stale") sink.fault(lastError === undefined ? unknownFault() : errorFrom(lastError));
}

function unknownFault(): RegistryError {
  const values = { registry: "the platform", action: "watch", reason: "it did not say why" };
  return registryError("DISCOVERY_UNAVAILABLE", values);
}

function snapshotFrom({ lastError, instances, ...snapshot }: WireSnapshot): Snapshot {
  return Object.freeze({
    ...snapshot,
    instances: instanceList(instances),
    ...(lastError === undefined ? {} : { lastError: errorFrom(lastError) }),
  });
}
