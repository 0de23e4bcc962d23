import { registryError } from "@plinth/discovery";
import type { ApiAccess, ApiTls } from "./api-access.ts";

/** The part of `KubeConfig` of `@kubernetes/client-node` (1.4 and later) that is used. */
export interface OfficialKubeConfig {
  getCurrentCluster(): { readonly server: string; readonly proxyUrl?: string | undefined } | null;
  getCurrentContext(): string;
  getContextObject(name: string): { readonly namespace?: string | undefined } | null;
  applyToHTTPSOptions(options: OfficialHttpsOptions): Promise<void>;
}

/** What the official client fills in. Its agent is not used. */
export interface OfficialHttpsOptions {
  headers?: unknown;
  auth?: string | null | undefined;
  ca?: unknown;
  cert?: unknown;
  key?: unknown;
  pfx?: unknown;
  passphrase?: string | undefined;
  servername?: string | undefined;
  rejectUnauthorized?: boolean | undefined;
}

/**
 * Signs in by the official client, for the ways that it knows and this package does not: OpenID Connect, cloud
 * providers, own authenticators. It is asked before each request, and keeps its own tokens fresh.
 *
 * @throws RegistryError `DISCOVERY_NO_CLUSTER` when its configuration names no cluster.
 */
export function officialClientAccess(config: OfficialKubeConfig): ApiAccess {
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw registryError("DISCOVERY_NO_CLUSTER", { reason: "the official client's configuration names none" });
  }
  let tls: ApiTls = {};
  return {
    server: cluster.server.replace(/\/+$/, ""),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? "default",
    proxy: cluster.proxyUrl,
    async credentials() {
      const options: OfficialHttpsOptions = { headers: {} };
      try {
        await config.applyToHTTPSOptions(options);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw registryError("DISCOVERY_SIGN_IN", { registry: cluster.server, reason }, { cause });
      }
      const given = tlsIn(options);
      if (!sameTls(tls, given)) tls = given;
      return { headers: headersIn(options), tls };
    },
    renew() {},
  };
}

function headersIn({ headers, auth }: OfficialHttpsOptions): Readonly<Record<string, string>> {
  const given = Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return auth ? { ...given, authorization: `Basic ${Buffer.from(auth).toString("base64")}` } : given;
}

function tlsIn({ ca, cert, key, pfx, passphrase, servername, rejectUnauthorized }: OfficialHttpsOptions): ApiTls {
  return {
    ca: pemOf(ca),
    cert: pemOf(cert),
    key: pemOf(key),
    pfx: pfx instanceof Uint8Array ? pfx : undefined,
    passphrase,
    serverName: servername,
    verify: rejectUnauthorized ?? true,
  };
}

function pemOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : undefined;
}

function sameTls(a: ApiTls, b: ApiTls): boolean {
  const { pfx: mine, ...one } = a;
  const { pfx: other, ...two } = b;
  const samePfx = mine === other || (mine !== undefined && other !== undefined && Buffer.compare(mine, other) === 0);
  return samePfx && JSON.stringify(one) === JSON.stringify(two);
}
