import type { ServiceInstance } from "../port/service-instance.ts";

/** Instances in memory, shared by the registries that are made on it. Also a stand-in for a registry that fails. */
export interface MemoryStore {
  /** Whether it answers. */
  readonly available: boolean;
  /** The instances of a service, and a revision that differs whenever they do. */
  read(service: string): { readonly instances: readonly ServiceInstance[]; readonly revision: string };
  put(instance: ServiceInstance): void;
  remove(service: string, id: string): void;
  /** The services that have instances, sorted. */
  services(): readonly string[];
  /** Behaves from now on as a registry that cannot be reached: registrations become `degraded`, snapshots `stale`. */
  interrupt(): void;
  /** Ends an interruption. */
  restore(): void;
  /** Forgets all instances, as a registry that is restarted empty. */
  wipe(): void;
  /** Calls `listener` after each change, once for all changes of one turn, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

/** An empty store. */
export function createMemoryStore(): MemoryStore {
  const services = new Map<string, Map<string, ServiceInstance>>();
  const listeners = new Set<() => void>();
  let revision = 0;
  let available = true;
  let told = true;

  function changed(): void {
    revision += 1;
    if (!told) return;
    told = false;
    queueMicrotask(() => {
      told = true;
      for (const listener of [...listeners]) listener();
    });
  }

  return {
    get available() {
      return available;
    },
    read: (service) => ({ instances: [...(services.get(service)?.values() ?? [])], revision: String(revision) }),
    put(instance) {
      const instances = services.get(instance.service) ?? new Map<string, ServiceInstance>();
      services.set(instance.service, instances.set(instance.id, instance));
      changed();
    },
    remove(service, id) {
      const instances = services.get(service);
      if (!instances?.delete(id)) return;
      if (instances.size === 0) services.delete(service);
      changed();
    },
    services: () => [...services.keys()].sort(),
    interrupt() {
      available = false;
      changed();
    },
    restore() {
      available = true;
      changed();
    },
    wipe() {
      services.clear();
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
