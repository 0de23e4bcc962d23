import type { ModuleStatus, PlatformEvent, PlatformHost, RemoteLink } from "@plinth/module";
import { type HostBeginning, type HostNews, wireEvent, wireModule } from "./wire-status.ts";

/**
 * Lets a module in another process see the platform. What happens is told in batches, each when the one
 * before has arrived, together with what has changed of the status.
 */
export function serveHost(host: PlatformHost, link: RemoteLink): void {
  const told = new Map<string, ModuleStatus>();
  let events: PlatformEvent[] = [];
  let isTelling = false;

  function news(): HostNews {
    const { state, modules } = host.status();
    const changed = modules.filter((module) => !isSame(told.get(module.name), module));
    for (const module of changed) told.set(module.name, module);
    const batch = { events: events.map(wireEvent), state, names: modules.map(({ name }) => name) };
    events = [];
    return { ...batch, changed: changed.map(wireModule) };
  }

  async function tell(): Promise<void> {
    if (isTelling) return;
    isTelling = true;
    // All that happens in one turn goes together.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (events.length > 0 && !link.signal.aborted) await link.call("news", [news()]);
    } catch {
      events = []; // the process is gone
    }
    isTelling = false;
  }

  let unlisten: (() => void) | undefined;
  link.signal.addEventListener("abort", () => unlisten?.(), { once: true });
  link.handle("begin", (): HostBeginning => {
    unlisten ??= host.onEvent((event) => {
      events.push(event);
      void tell();
    });
    const { state, modules } = host.status();
    for (const module of modules) told.set(module.name, module);
    return { version: host.version, state, modules: modules.map(wireModule) };
  });
  link.handle("health", (_args, signal) => host.health(signal));
}

function isSame(one: ModuleStatus | undefined, other: ModuleStatus): boolean {
  return one !== undefined && keys.every((key) => one[key] === other[key]);
}

const keys = [
  "version",
  "source",
  "state",
  "since",
  "critical",
  "restarts",
  "pid",
  "error",
  "skippedFor",
] as const satisfies readonly (keyof ModuleStatus)[];
