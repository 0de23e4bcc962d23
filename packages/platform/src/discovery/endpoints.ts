import type { AnnouncedPlace, EndpointSpec } from "@plinth/discovery";
import type { HttpDirectory } from "@plinth/http";
import { platformError } from "@plinth/module";
import { type AnnouncedEndpoint, endpointName } from "./section.ts";
import type { DiscoverySettings } from "./settings.ts";

/** What endpoints are made of besides what the manifest says. */
export interface EndpointSources {
  readonly module: string;
  /** What the module said at run time, by service and endpoint: `users/grpc`. */
  readonly places: ReadonlyMap<string, AnnouncedPlace>;
  readonly http: HttpDirectory;
  readonly advertise: DiscoverySettings["advertise"];
}

/** The key of an endpoint among all of a module's. */
export function placeKey(service: string, endpoint: string): string {
  return `${service}/${endpoint}`;
}

/**
 * Where an endpoint is: as the module said at run time, at the port in the manifest, or at the platform's HTTP host.
 *
 * @throws PlatformError `DISCOVERY_NO_ENDPOINT` where none of them says.
 */
export function endpointSpec(entry: AnnouncedEndpoint, sources: EndpointSources): EndpointSpec {
  const name = endpointName(entry);
  const { module, places, http, advertise } = sources;
  const place = places.get(placeKey(entry.name, name));
  const port = place?.port ?? entry.port;
  const { protocol } = entry;
  if (port !== undefined) return { name, protocol, port, ...hostOf(place?.host ?? advertise?.host) };
  const address = protocol === "http" && http.prefixOf(module) !== undefined ? http.address() : undefined;
  if (address === undefined) {
    throw platformError("DISCOVERY_NO_ENDPOINT", { module, service: entry.name, endpoint: name });
  }
  const listening = isUnspecified(address.host) ? undefined : address.host;
  return { name, protocol, port: advertise?.port ?? address.port, ...hostOf(advertise?.host ?? listening) };
}

function hostOf(host: string | undefined): { readonly host?: string } {
  return host === undefined ? {} : { host };
}

/** Whether it stands for all addresses of this machine, so that nobody can be sent there. */
function isUnspecified(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}
