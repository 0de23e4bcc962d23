import type { ModuleHealth, ModuleStatus, PlatformEvent, PlatformHost, RemoteLink } from "@plinth/module";
import { eventFrom, type HostBeginning, type HostNews, moduleFrom } from "./wire-status.ts";

/** The service `Platform` in a process of the module's own: a copy that follows what happens. */
export default async function connectHost(link: RemoteLink): Promise<PlatformHost> {
  const known = new Map<string, ModuleStatus>();
  const listeners = new Set<(event: PlatformEvent) => void>();
  const early: HostNews[] = [];
  let names: readonly string[] | undefined;
  let state: HostBeginning["state"];

  function take(news: HostNews): void {
    state = news.state;
    names = news.names;
    for (const module of news.changed) known.set(module.name, moduleFrom(module));
    for (const event of news.events.map(eventFrom)) for (const listener of listeners) listener(event);
  }

  link.handle("news", ([news]) => {
    if (names === undefined) early.push(news as HostNews);
    else take(news as HostNews);
  });
  const beginning = await link.call<HostBeginning>("begin");
  const { version, modules } = beginning;
  take({ events: [], state: beginning.state, names: modules.map(({ name }) => name), changed: modules });
  for (const news of early) take(news);

  return {
    version,
    status: () => ({ state, modules: (names ?? []).flatMap((name) => known.get(name) ?? []) }),
    health: (signal) => link.call<readonly ModuleHealth[]>("health", [], signal === undefined ? undefined : { signal }),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
