import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import path from "node:path";
import { registryError } from "@plinth/discovery";
import { type Clock, systemClock } from "@plinth/module";
import type { ApiAccess, ApiTls } from "./api-access.ts";
import { rereadFiles } from "./reread-files.ts";

/** Where a pod finds its cluster. */
export interface InClusterOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default `/var/run/secrets/kubernetes.io/serviceaccount`. */
  readonly serviceAccount?: string;
  readonly clock?: Clock;
}

/** Whether this process runs in a pod that knows its cluster. */
export function isInCluster(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return Boolean(env.KUBERNETES_SERVICE_HOST && env.KUBERNETES_SERVICE_PORT);
}

/**
 * Signs in with the pod's service account. Its token and CA are read again each minute, and when the server
 * refuses the token.
 *
 * @throws RegistryError `DISCOVERY_NO_CLUSTER` outside a pod, or without a service account.
 */
export function inClusterAccess(options: InClusterOptions = {}): ApiAccess {
  const { env = process.env, clock = systemClock } = options;
  const { serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount" } = options;
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) {
    const reason = "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set";
    throw registryError("DISCOVERY_NO_CLUSTER", { reason });
  }
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const fileOf = (name: string): string => path.join(serviceAccount, name);
  const files = rereadFiles({ token: fileOf("token"), ca: fileOf("ca.crt") }, server, clock);
  let tls: ApiTls | undefined;
  return {
    server,
    namespace: namespaceIn(fileOf("namespace")),
    async credentials() {
      const { token, ca } = await files.read();
      if (tls?.ca !== ca) tls = { ca };
      return { headers: { authorization: `Bearer ${token}` }, tls };
    },
    renew: files.forget,
  };
}

function namespaceIn(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    const reason = `the pod has no service account: ${file} cannot be read`;
    throw registryError("DISCOVERY_NO_CLUSTER", { reason }, { cause });
  }
}
