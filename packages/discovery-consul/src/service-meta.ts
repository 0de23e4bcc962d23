import type { Endpoint, EndpointSpec, Locality } from "@plinth/discovery";

/** What Consul has no field for, and therefore stands in a service's metadata under names that begin with {@link ownPrefix}. */
export interface OwnMeta {
  /** Tells processes with the same id apart. */
  readonly run?: string;
  readonly version?: string;
  readonly endpoints: readonly EndpointSpec[];
  readonly locality?: Locality;
}

/** Begins the names in metadata that belong to Plinth. */
export const ownPrefix = "plinth-";

/** Consul takes 64 entries of metadata, and the port leaves 32 to the instance. */
export const maxEndpoints = 16;

/** The metadata's entries; their values stay within Consul's 512 characters. */
export function encodeOwnMeta({ run, version, endpoints, locality }: OwnMeta): Record<string, string> {
  const entries: Record<string, string | undefined> = {
    run,
    version,
    region: locality?.region,
    zone: locality?.zone,
    node: locality?.node,
    "hint-zones": locality?.hintZones?.join(","),
    ...Object.fromEntries(
      endpoints.map(({ name, protocol, host, port }, index) => [
        `endpoint-${index}`,
        `${name}=${protocol}://${host === undefined ? "" : bracketed(host)}:${port}`,
      ]),
    ),
  };
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [[`${ownPrefix}${key}`, value]])),
  );
}

/** Reads what `encodeOwnMeta` wrote. An endpoint that cannot be read is left out. */
export function decodeOwnMeta(meta: Readonly<Record<string, string>>): OwnMeta {
  const own = (key: string): string | undefined => meta[`${ownPrefix}${key}`];
  const endpoints: EndpointSpec[] = [];
  for (let index = 0; index < maxEndpoints; index += 1) {
    const text = own(`endpoint-${index}`);
    if (text === undefined) break;
    const endpoint = decodeEndpoint(text);
    if (endpoint !== undefined) endpoints.push(endpoint);
  }
  const hintZones = own("hint-zones")?.split(",");
  const locality: Locality = given({ region: own("region"), zone: own("zone"), node: own("node"), hintZones });
  return given({ run: own("run"), version: own("version"), endpoints, locality });
}

/** The metadata that is the instance's own business. */
export function foreignMeta(meta: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(meta).filter(([key]) => !key.startsWith(ownPrefix)));
}

/** A host as it stands in a URL. */
export function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function decodeEndpoint(text: string): EndpointSpec | undefined {
  const parts = /^([a-z0-9-]+)=([a-z0-9+.-]+):\/\/(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  if (parts === null) return undefined;
  const [, name = "", protocol = "", ipv6, plain, port] = parts;
  const host = ipv6 ?? plain;
  const endpoint: Omit<Endpoint, "host"> = { name, protocol, port: Number(port) };
  return host === undefined || host === "" ? endpoint : { ...endpoint, host };
}

type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
