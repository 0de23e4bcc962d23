import type { Clock } from "@plinth/module";
import { abortedError, type RegistryError, registryError } from "../port/registry-error.ts";
import type { ServiceInstance } from "../port/service-instance.ts";
import type { ServiceRegistry } from "../port/service-registry.ts";
import type { CheckedRegistration } from "../registering/checked-registration.ts";
import { createRegistrationBook } from "../registering/registration-book.ts";
import { type DesiredRegistration, RegistrationKeeper } from "../registering/registration-keeper.ts";
import { registryHealth } from "../registering/registry-health.ts";
import type { BackoffOptions } from "../watching/backoff.ts";
import type { OpenUpstream } from "../watching/snapshot-sink.ts";
import { createWatchHub } from "../watching/watch-hub.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";

/** How an in-memory registry behaves. */
export interface MemoryRegistryOptions {
  /** Default: a store of its own. Registries on one store see each other's instances. */
  readonly store?: MemoryStore;
  /** The host of endpoints that name none. Default `127.0.0.1`. */
  readonly host?: string;
  /** How long `resolve` waits for the store to be available. Default 5,000. */
  readonly resolveTimeoutMs?: number;
  readonly clock?: Clock;
  /** The waits before a lost registration is made again. */
  readonly backoff?: BackoffOptions;
}

const registry = "memory";

/** A registry inside the process: for platforms that run in one, and for tests. It runs no checks of its own. */
export function createMemoryRegistry(options: MemoryRegistryOptions = {}): ServiceRegistry {
  const { store = createMemoryStore(), host = "127.0.0.1", clock, backoff } = options;
  const timing = { ...(clock === undefined ? {} : { clock }), ...(backoff === undefined ? {} : { backoff }) };

  const hub = createWatchHub({
    open: openOn(store),
    registry,
    ...timing,
    ...(options.resolveTimeoutMs === undefined ? {} : { resolveTimeoutMs: options.resolveTimeoutMs }),
  });
  const book = createRegistrationBook((checked, onEnd) => keep(checked, onEnd));
  const closing = new AbortController();

  function keep(checked: CheckedRegistration, onEnd: () => void): RegistrationKeeper {
    let held: ServiceInstance | undefined;
    const unwatch = store.onChange(() => {
      if (held === undefined) return;
      if (!store.available) keeper.lost(away("keep the registration"));
      else if (!store.read(checked.service).instances.some(({ id }) => id === checked.id))
        keeper.lost(forgotten(checked));
    });
    const keeper: RegistrationKeeper = new RegistrationKeeper({
      checked,
      id: checked.id,
      registry,
      ...timing,
      calls: {
        async apply(desired) {
          if (!store.available) throw away(`register "${desired.id}"`);
          held = instanceOf(desired, host);
          store.put(held);
          return held.id;
        },
        async remove() {
          if (!store.available) throw away(`deregister "${checked.id}"`);
          // Another registry may have put its own instance of this id since.
          if (store.read(checked.service).instances.includes(held as ServiceInstance))
            store.remove(checked.service, checked.id);
          held = undefined;
        },
      },
      onEnd() {
        unwatch();
        onEnd();
      },
    });
    return keeper;
  }

  return {
    register: book.register,
    watch: hub.watch,
    resolve: hub.resolve,
    async services({ signal } = {}) {
      if (closing.signal.aborted) throw abortedError("list services", closing.signal);
      if (signal?.aborted) throw abortedError("list services", signal);
      if (!store.available) throw away("list services");
      return store.services();
    },
    health: () => registryHealth(hub, book),
    async [Symbol.asyncDispose]() {
      closing.abort(new Error("the registry was closed"));
      try {
        await book[Symbol.asyncDispose]();
      } finally {
        await hub[Symbol.asyncDispose]();
      }
    },
  };
}

function openOn(store: MemoryStore): OpenUpstream {
  return (service, sink, signal) =>
    new Promise((resolve) => {
      const tell = (): void => {
        if (!store.available) {
          sink.fault(away(`watch "${service}"`));
          return;
        }
        const { instances, revision } = store.read(service);
        sink.publish(instances, revision);
      };
      const unwatch = store.onChange(tell);
      signal.addEventListener(
        "abort",
        () => {
          unwatch();
          resolve();
        },
        { once: true },
      );
      tell();
    });
}

function instanceOf(desired: DesiredRegistration, host: string): ServiceInstance {
  return {
    id: desired.id,
    service: desired.service,
    ...(desired.version === undefined ? {} : { version: desired.version }),
    endpoints: desired.endpoints.map((endpoint) => ({ ...endpoint, host: endpoint.host ?? host })),
    state: desired.state,
    weight: desired.weight,
    ...(desired.locality === undefined ? {} : { locality: { ...desired.locality } }),
    tags: [...desired.tags],
    metadata: { ...desired.metadata },
  };
}

function away(action: string): RegistryError {
  return registryError("DISCOVERY_UNAVAILABLE", { registry, action, reason: "it is interrupted" });
}

function forgotten({ id, service }: CheckedRegistration): RegistryError {
  const reason = `it no longer holds an instance "${id}" of service "${service}"`;
  return registryError("DISCOVERY_UNAVAILABLE", { registry, action: "keep the registration", reason });
}
