import type { Logger } from "@plinth/module";
import type { KubernetesApi, KubernetesObject } from "@plinth/testing/kubernetes";
import type { ApiAccess } from "./access/api-access.ts";

/** Signs in with nothing, or with a fixed token. */
export function plainAccess(server: string, token?: string, namespace = "default"): ApiAccess {
  const credentials = { headers: token === undefined ? {} : { authorization: `Bearer ${token}` }, tls: {} };
  return { server, namespace, credentials: async () => credentials, renew() {} };
}

/** One endpoint of a slice. */
export interface EndpointGiven {
  readonly ip: string;
  readonly uid?: string;
  readonly pod?: string;
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
  readonly zone?: string;
  readonly hints?: readonly string[];
}

/** A slice of the service `users`, unless another is named. */
export function slice(
  name: string,
  endpoints: readonly EndpointGiven[],
  more: { readonly service?: string; readonly port?: number; readonly addressType?: string } = {},
): KubernetesObject {
  const { service = "users", port = 8080, addressType = "IPv4" } = more;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name, labels: { "kubernetes.io/service-name": service } },
    addressType,
    endpoints: endpoints.map(({ ip, uid, pod, ready, serving, terminating, zone, hints }) => ({
      addresses: [ip],
      conditions: JSON.parse(JSON.stringify({ ready, serving, terminating })),
      ...(uid === undefined && pod === undefined
        ? {}
        : { targetRef: { kind: "Pod", name: pod ?? `pod-${uid}`, ...(uid === undefined ? {} : { uid }) } }),
      ...(zone === undefined ? {} : { zone }),
      ...(hints === undefined ? {} : { hints: { forZones: hints.map((zoneName) => ({ name: zoneName })) } }),
    })),
    ports: [{ name: "http", port, protocol: "TCP" }],
  };
}

/** Deletes a slice. */
export function removeSlice(api: KubernetesApi, name: string): void {
  api.remove("discovery.k8s.io/v1", "EndpointSlice", "default", name);
}

/** Resolves when `probe` gives something else than `undefined` or `false`. The deadline is generous: only a hang meets it. */
export async function eventually<T>(what: string, probe: () => T): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + 20_000;
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
    if (performance.now() > end) throw new Error(`it never came to be: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Waits until nothing has changed for a few turns of the event loop and the network. */
export async function quiet(signature: () => string): Promise<void> {
  for (let same = 0, before = signature(); same < 5; ) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const now = signature();
    same = now === before ? same + 1 : 0;
    before = now;
  }
}

/** Keeps what is logged. */
export function loggerInto(lines: string[]): Logger {
  const write = (first: string | object, second?: string): void => {
    lines.push(second ?? String(first));
  };
  const logger: Logger = { trace: write, debug: write, info: write, warn: write, error: write, child: () => logger };
  return logger;
}
