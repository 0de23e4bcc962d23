import type { KubernetesObject, Resource } from "./resources.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Adds what the API server fills in when an object is written, as far as the recorded exchanges show it. */
export function withDefaults(resource: Resource, object: KubernetesObject, revision: number): KubernetesObject {
  const add = additions[resource.kind];
  return add === undefined ? object : { ...object, ...add(object, revision) };
}

const additions: Readonly<Record<string, (object: KubernetesObject, revision: number) => Fields>> = {
  Namespace: ({ metadata }) => ({
    metadata: { ...metadata, labels: { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name } },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  }),
  Service: (service, revision) => ({
    spec: {
      clusterIP: `10.0.0.${revision % 250}`,
      clusterIPs: [`10.0.0.${revision % 250}`],
      type: "ClusterIP",
      sessionAffinity: "None",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      internalTrafficPolicy: "Cluster",
      ...(service.spec as Fields),
      ports: withProtocol((service.spec as { readonly ports?: readonly Fields[] }).ports),
    },
    status: service.status ?? { loadBalancer: {} },
  }),
  EndpointSlice: (slice) => ({
    endpoints: ((slice.endpoints ?? []) as Fields[]).map((endpoint) => ({ conditions: {}, ...endpoint })),
    ports: withProtocol(slice.ports as readonly Fields[] | undefined) ?? null,
  }),
  Pod: (pod) => ({
    spec: {
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      securityContext: {},
      schedulerName: "default-scheduler",
      tolerations: ["not-ready", "unreachable"].map((trouble) => ({
        key: `node.kubernetes.io/${trouble}`,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 300,
      })),
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: "PreemptLowerPriority",
      ...(pod.spec as Fields),
      containers: (pod.spec as { readonly containers: readonly Fields[] }).containers.map((container) => ({
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        imagePullPolicy: "Always",
        ...container,
      })),
    },
    status: pod.status ?? { phase: "Pending", qosClass: "BestEffort" },
  }),
};

function withProtocol(ports: readonly Fields[] | undefined): readonly Fields[] | undefined {
  return ports?.map((port) => ({ protocol: "TCP", ...port }));
}
