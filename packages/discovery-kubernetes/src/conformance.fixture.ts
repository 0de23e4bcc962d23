import type { ServiceRegistry } from "@plinth/discovery";
import type { ConformanceAdapter } from "@plinth/testing/discovery";
import type { KubernetesApi } from "@plinth/testing/kubernetes";
import { plainAccess, removeSlice, slice } from "./cluster.fixture.ts";
import { createKubernetesRegistry } from "./kubernetes-registry.ts";

const quick = { backoff: { minMs: 20, maxMs: 100 }, resolveTimeoutMs: 400, env: {} };

/** The adapter with managed registration, on a simulator. */
export function managedAdapter(api: KubernetesApi): ConformanceAdapter {
  let pods = 0;
  return {
    name: "Kubernetes, managed",
    async connect() {
      pods += 1;
      return createKubernetesRegistry({
        ...quick,
        access: plainAccess(api.url),
        registration: "managed",
        node: `node-${pods}`,
        leaseMs: 3_000,
      });
    },
    interrupt: () => api.interrupt(),
    async wipe() {
      for (const { apiVersion, kind, metadata } of [
        ...api.list("discovery.k8s.io/v1", "EndpointSlice"),
        ...api.list("coordination.k8s.io/v1", "Lease"),
      ]) {
        api.remove(apiVersion, kind, metadata.namespace ?? "", metadata.name);
      }
    },
  };
}

const onePod = "a registry that adopts is one pod, and thus one instance";
const slicesOnly = "the slices that the cluster makes of a Service say no version, weight, tags, metadata or warning";
const noState = "an adopted registration is nothing that the API server holds and could lose";

/** The adapter that adopts, with what kubelet and controller do in short. */
export function adoptingAdapter(api: KubernetesApi): ConformanceAdapter {
  let pods = 0;
  let service = "";
  return {
    name: "Kubernetes, adopt",
    async prepare(name) {
      service = name;
    },
    /** A registry in a pod of its own, of the service prepared last. */
    async connect() {
      pods += 1;
      const name = `${service}-${pods}`;
      const pod = { name, uid: `${String(pods).padStart(8, "0")}-0000`, ip: `10.1.${pods >> 8}.${pods & 255}` };
      const own = service;
      const endpoint = { ip: pod.ip, uid: pod.uid, pod: name };
      const registry = createKubernetesRegistry({
        ...quick,
        access: plainAccess(api.url),
        pod,
        adoptDeadlineMs: 500,
        readiness: {
          set(ready) {
            api.put(slice(name, [{ ...endpoint, ready, serving: true, terminating: !ready }], { service: own }));
          },
        },
      });
      return endingPod(registry, () => {
        if (api.get("discovery.k8s.io/v1", "EndpointSlice", "default", name)) removeSlice(api, name);
      });
    },
    interrupt: () => api.interrupt(),
    skip: {
      "snapshot-is-frozen": onePod,
      defaults: onePod,
      "same-again": onePod,
      deregister: onePod,
      "scale-to-zero": onePod,
      "query-narrows": slicesOnly,
      "latest-wins": slicesOnly,
      storm: slicesOnly,
      "shows-as-said": slicesOnly,
      "changed-is-update": slicesOnly,
      "update-keeps-rest": slicesOnly,
      "state-shows": slicesOnly,
      "register-while-away": slicesOnly,
      "changes-made-up": slicesOnly,
      "comes-back-after-wipe": noState,
      "deregister-after-wipe": noState,
      "register-after-deregister": slicesOnly,
      "invalid-registration": slicesOnly,
    },
  };
}

/** A pod that is gone once its process has deregistered, as it ends then. */
function endingPod(registry: ServiceRegistry, end: () => void): ServiceRegistry {
  return {
    ...registry,
    async register(spec, options) {
      const registration = await registry.register(spec, options);
      const deregister = registration.deregister.bind(registration);
      registration.deregister = async () => {
        await deregister();
        end();
      };
      return registration;
    },
  };
}
