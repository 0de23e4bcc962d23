import type { ConsulOptions, ConsulTlsFiles } from "./consul-options.ts";

/**
 * What the environment says of the agent, by the names that Consul's own command knows: `CONSUL_HTTP_ADDR`,
 * `CONSUL_HTTP_SSL`, `CONSUL_HTTP_TOKEN`, `CONSUL_HTTP_TOKEN_FILE`, `CONSUL_CACERT`, `CONSUL_CLIENT_CERT`,
 * `CONSUL_CLIENT_KEY`, `CONSUL_TLS_SERVER_NAME`, `CONSUL_NAMESPACE`, `CONSUL_PARTITION`. Empty ones count as unset.
 */
export function consulOptionsFrom(env: Readonly<Record<string, string | undefined>>): ConsulOptions {
  const text = (name: string): string | undefined => env[name] || undefined;
  const address = text("CONSUL_HTTP_ADDR");
  const secure = text("CONSUL_HTTP_SSL") === "true" || text("CONSUL_HTTP_SSL") === "1";
  const scheme = secure ? "https" : "http";
  const url = address === undefined || address.includes("://") ? address : `${scheme}://${address}`;
  const tls: ConsulTlsFiles = given({
    caFile: text("CONSUL_CACERT"),
    certFile: text("CONSUL_CLIENT_CERT"),
    keyFile: text("CONSUL_CLIENT_KEY"),
    serverName: text("CONSUL_TLS_SERVER_NAME"),
  });
  // As Consul's command does: the token itself comes before a file of it.
  const token = text("CONSUL_HTTP_TOKEN");
  return given({
    url: url ?? (secure ? "https://127.0.0.1:8501" : undefined),
    token,
    tokenFile: token === undefined ? text("CONSUL_HTTP_TOKEN_FILE") : undefined,
    tls: Object.keys(tls).length === 0 ? undefined : tls,
    namespace: text("CONSUL_NAMESPACE"),
    partition: text("CONSUL_PARTITION"),
  });
}

type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
