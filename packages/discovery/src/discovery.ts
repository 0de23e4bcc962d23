import { type ServiceRef, service } from "@plinth/module";
import type { Dispatcher } from "undici";
import type { ServiceRegistry } from "./port/service-registry.ts";

/**
 * The platform's service registry, as a service that any module may require: on Consul, Kubernetes or in memory,
 * as `discovery.driver` in platform.yaml says. It ends with the platform; disposing of it does nothing.
 */
export const Discovery: ServiceRef<ServiceRegistry> = service<ServiceRegistry>("discovery.discovery");

/** Where something that a module announces can be reached. */
export interface AnnouncedPlace {
  readonly port: number;
  /** Default: the address that the platform announces for itself, else the one under which the registry knows this machine. */
  readonly host?: string;
  /** Which endpoint of the service it is, by name. Default: the service's only one, or its first. */
  readonly endpoint?: string;
}

/** A module's way to say where it serves what its manifest announces, when that is known at run time only. */
export interface Announce {
  /**
   * Says where an endpoint of a service of the manifest's section `services` is; this counts more than a port stated
   * there. To be called in `setup` or in a start hook, and again whenever the place changes.
   *
   * @throws PlatformError `DISCOVERY_UNANNOUNCED` when the manifest announces no such service or endpoint.
   */
  endpoint(service: string, place: AnnouncedPlace): void;
}

/** Each module has its own. */
export const Announce: ServiceRef<Announce> = service<Announce>("discovery.announce");

/**
 * Calls other services through the platform's registry: `request("http://users.service/", { dispatcher })`, or
 * `fetch` with the same option. It ends with the platform, and its figures are on `/metrics`.
 */
export const ServiceDispatcher: ServiceRef<Dispatcher> = service<Dispatcher>("discovery.dispatcher");
