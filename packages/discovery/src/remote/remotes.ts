import type { Clock, RemoteService } from "@plinth/module";
import type { Dispatcher } from "undici";
import { Announce, Discovery, ServiceDispatcher } from "../discovery.ts";
import type { ServiceRegistry } from "../port/service-registry.ts";
import { type AnnouncedEndpoints, serveAnnounce } from "./announce.ts";
import { serveRegistry } from "./serve-registry.ts";

/** What the host's ends work with. */
export interface DiscoveryRemoteSources {
  readonly registry: ServiceRegistry;
  readonly clock: Clock;
  /** Where the platform runs, once its settings are known. */
  readonly zone: () => string | undefined;
  /** The endpoints that a module announces. */
  readonly announced: (module: string) => AnnouncedEndpoints;
}

/** How modules in processes of their own use the registry. */
export function discoveryRemotes({ registry, clock, zone, announced }: DiscoveryRemoteSources) {
  const discovery: RemoteService<ServiceRegistry> = {
    service: Discovery,
    get entry() {
      return import.meta.resolve("@plinth/discovery/remote");
    },
    serve: (_service, link) => serveRegistry(registry, link, clock),
  };
  const announce: RemoteService<Announce> = {
    service: Announce,
    get entry() {
      return import.meta.resolve("@plinth/discovery/remote/announce");
    },
    serve: (service, link) => serveAnnounce(service, link, () => announced(link.module.name)),
  };
  const dispatcher: RemoteService<Dispatcher> = {
    service: ServiceDispatcher,
    opensSockets: true,
    get entry() {
      return import.meta.resolve("@plinth/discovery/remote/dispatcher");
    },
    serve(_service, link) {
      serveRegistry(registry, link, clock);
      link.handle("zone", zone);
    },
  };
  return [discovery, announce, dispatcher] as const;
}
