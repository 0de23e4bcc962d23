import { type ConformanceAdapter, registryConformance } from "@plinth/testing/discovery";
import { type KubernetesApi, startKubernetesApi } from "@plinth/testing/kubernetes";
import { afterAll, beforeAll, describe, it } from "vitest";
import { createKubernetesRegistry } from "./kubernetes-registry.ts";

let api: KubernetesApi;
let nodes = 0;

beforeAll(async () => {
  api = await startKubernetesApi();
});

afterAll(() => api[Symbol.asyncDispose]());

const managed: ConformanceAdapter = {
  name: "Kubernetes, managed",
  async connect() {
    nodes += 1;
    return createKubernetesRegistry({
      access: plainAccess(),
      registration: "managed",
      node: `node-${nodes}`,
      backoff: { minMs: 20, maxMs: 100 },
      leaseMs: 3_000,
    });
  },
  async interrupt() {
    return api.interrupt();
  },
  async wipe() {
    for (const kind of ["EndpointSlice", "Lease"] as const) {
      const version = kind === "Lease" ? "coordination.k8s.io/v1" : "discovery.k8s.io/v1";
      for (const { metadata } of api.list(version, kind)) {
        api.remove(version, kind, metadata.namespace ?? "", metadata.name);
      }
    }
  },
};

function plainAccess() {
  const credentials = { headers: {}, tls: {} };
  return { server: api.url, namespace: "default", credentials: async () => credentials, renew() {} };
}

describe("the Kubernetes registry keeps the laws of the port, with managed registration", () => {
  for (const law of registryConformance(managed)) it.skipIf(law.skip !== undefined)(law.name, law.run);
});
