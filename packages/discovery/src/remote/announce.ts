import { platformError, type RemoteLink } from "@plinth/module";
import type { Announce, AnnouncedPlace } from "../discovery.ts";

/** The endpoints that a module's manifest announces, by service. */
export type AnnouncedEndpoints = ReadonlyMap<string, readonly string[]>;

/** Lets a module in another process say where it serves what it announces. */
export function serveAnnounce(announce: Announce, link: RemoteLink, endpoints: () => AnnouncedEndpoints): void {
  link.handle("begin", () => endpoints());
  link.handle("endpoint", ([service, place]) => announce.endpoint(String(service), place as AnnouncedPlace));
}

/** The service `Announce` in a process of the module's own. */
export default async function connectAnnounce(link: RemoteLink): Promise<Announce> {
  const announced = await link.call<AnnouncedEndpoints>("begin");
  return {
    endpoint(service, place) {
      const endpoints = announced.get(service) ?? [];
      if (endpoints.length === 0 || (place.endpoint !== undefined && !endpoints.includes(place.endpoint))) {
        const { name: module } = link.module;
        throw platformError("DISCOVERY_UNANNOUNCED", { module, service, endpoint: place.endpoint ?? "http" });
      }
      // Should the host refuse it all the same, the module fails by the unhandled rejection.
      link.call("endpoint", [service, place]).catch((error: unknown) => {
        if (!link.signal.aborted) throw error;
      });
    },
  };
}
