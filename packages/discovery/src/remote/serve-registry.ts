import type { Clock, RemoteLink } from "@plinth/module";
import type { Registration, RegistrationChange, RegistrationSpec } from "../port/registration.ts";
import type { ServiceQuery } from "../port/service-query.ts";
import type { ServiceRegistry } from "../port/service-registry.ts";
import { pause } from "../watching/pause.ts";
import { asRegistryError, type RegistryNews, type WireRegistration, wireSnapshot } from "./wire-registry.ts";

/** How often it is looked whether there is news for the process, in milliseconds. */
const newsEveryMs = 500;

/**
 * Lets a module in another process use the registry. Its watches end with it, and what it has registered
 * is taken out.
 */
export function serveRegistry(registry: ServiceRegistry, link: RemoteLink, clock: Clock): void {
  const watches = new Map<number, AbortController>();
  const registrations = new Map<Registration, number>();
  const byNumber = new Map<number, Registration>();

  function news(): RegistryNews {
    return { health: registry.health(), registrations: [...registrations.keys()].map(standing) };
  }

  function standing(registration: Registration): WireRegistration {
    const { id, state, lastError } = registration;
    return { number: registrations.get(registration) ?? 0, id, state, lastError: lastError?.toJSON() };
  }

  function noted(registration: Registration): WireRegistration {
    if (!registrations.has(registration)) {
      const number = byNumber.size + 1;
      registrations.set(registration, number);
      byNumber.set(number, registration);
    }
    return standing(registration);
  }

  async function tellNews(): Promise<void> {
    let told = "";
    while (await pause(clock, newsEveryMs, link.signal)) {
      const now = news();
      const text = JSON.stringify(now);
      // A process that is gone need not know.
      if (text !== told) await link.call("news", [now]).catch(() => {});
      told = text;
    }
  }

  async function watch(id: number, query: ServiceQuery, signal: AbortSignal): Promise<void> {
    const problemOf = (error: unknown) => asRegistryError(error, `watch "${query?.service}"`).toJSON();
    let problem: unknown;
    try {
      const watcher = registry.watch(query, { signal });
      watcher.ready.catch((error: unknown) => {
        if (!signal.aborted) void link.call("fault", [id, problemOf(error)]).catch(() => {});
      });
      for await (const snapshot of watcher) await link.call("snapshot", [id, wireSnapshot(snapshot)]);
    } catch (error) {
      problem = problemOf(error);
    }
    watches.delete(id);
    if (!signal.aborted) await link.call("ended", [id, problem]).catch(() => {});
  }

  link.signal.addEventListener("abort", () => {
    for (const controller of watches.values()) controller.abort(link.signal.reason);
    // Nobody is left who could be told that the registry does not let go of one.
    for (const registration of registrations.keys()) registration.deregister().catch(() => {});
  });
  let isTelling = false;
  link.handle("begin", () => {
    if (!isTelling) void tellNews();
    isTelling = true;
    return registry.health();
  });
  link.handle("services", (_args, signal) => registry.services({ signal }));
  link.handle("resolve", async ([query, maxStaleMs], signal) => {
    const limit = maxStaleMs === undefined ? {} : { maxStaleMs: maxStaleMs as number };
    return wireSnapshot(await registry.resolve(query as ServiceQuery, { signal, ...limit }));
  });
  link.handle("watch", ([id, query]) => {
    const controller = new AbortController();
    watches.set(id as number, controller);
    void watch(id as number, query as ServiceQuery, controller.signal);
  });
  link.handle("unwatch", ([id]) => {
    watches.get(id as number)?.abort();
    watches.delete(id as number);
  });
  link.handle("register", async ([spec], signal) =>
    noted(await registry.register(spec as RegistrationSpec, { signal })),
  );
  link.handle("update", async ([number, change]) => {
    const registration = known(byNumber, number);
    await registration.update(change as RegistrationChange);
    return standing(registration);
  });
  link.handle("drain", async ([number, graceMs]) => {
    const registration = known(byNumber, number);
    await registration.drain(graceMs === undefined ? {} : { graceMs: graceMs as number });
    return standing(registration);
  });
  link.handle("deregister", async ([number]) => {
    const registration = known(byNumber, number);
    await registration.deregister();
    return standing(registration);
  });
}

function known(registrations: ReadonlyMap<number, Registration>, number: unknown): Registration {
  const registration = registrations.get(number as number);
  if (registration === undefined) throw new Error("there is no such registration");
  return registration;
}
