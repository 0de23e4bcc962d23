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
