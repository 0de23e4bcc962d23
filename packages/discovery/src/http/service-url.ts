import { isServiceName } from "../port/names.ts";
import { registryError } from "../port/registry-error.ts";
import type { Endpoint, ServiceInstance } from "../port/service-instance.ts";

/** What an origin such as `http://admin.users.service` asks for. */
export interface ServiceAddress {
  readonly service: string;
  /** The endpoint named before the service; `undefined` where the scheme alone decides. */
  readonly endpoint: string | undefined;
  readonly scheme: "http" | "https";
  /** The origin as it goes into the Host header and, for TLS, the server name. */
  readonly origin: string;
}

/**
 * Reads `scheme://[endpoint.]service<suffix>`; `undefined` for an origin that does not end in the suffix.
 *
 * @throws RegistryError `DISCOVERY_INVALID` for one that does and is no service's all the same.
 */
export function parseServiceOrigin(origin: string, suffix: string): ServiceAddress | undefined {
  const { protocol, hostname, port } = new URL(origin);
  if (!hostname.endsWith(suffix)) return undefined;
  const refuse = (reason: string) => registryError("DISCOVERY_INVALID", { reason: `${origin} ${reason}` });
  if (protocol !== "http:" && protocol !== "https:") throw refuse("is neither http nor https");
  if (port !== "")
    throw refuse("names a port, which the registry knows; name the endpoint: http://admin.users.service");
  const labels = hostname.slice(0, -suffix.length).split(".");
  const service = labels.pop() ?? "";
  const endpoint = labels.pop();
  if (labels.length > 0 || !isServiceName(service) || (endpoint !== undefined && !isServiceName(endpoint))) {
    throw refuse(`names no service; write http://SERVICE${suffix} or http://ENDPOINT.SERVICE${suffix}`);
  }
  return { service, endpoint, scheme: protocol === "http:" ? "http" : "https", origin: `${protocol}//${hostname}` };
}

/** The endpoint of an instance that calls of this address go to. */
export function endpointFor(
  { endpoint, scheme }: ServiceAddress,
  { endpoints }: ServiceInstance,
): Endpoint | undefined {
  return endpoints.find(({ name, protocol }) =>
    endpoint === undefined ? protocol === scheme : name === endpoint && protocol === scheme,
  );
}
