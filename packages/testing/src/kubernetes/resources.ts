/** A kind of object, as the API server files it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The last part of its path: `endpointslices`. */
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Whether `metadata.generation` counts the changes of its spec; `always` counts each write. */
  readonly generation: "none" | "first" | "always";
}

/** An object as it is stored and sent. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** The metadata that the simulator knows; others pass through. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

const namespaced = true;

/** The kinds that the simulator serves. */
export const resources: readonly Resource[] = [
  { group: "", version: "v1", plural: "namespaces", kind: "Namespace", namespaced: false, generation: "none" },
  { group: "", version: "v1", plural: "services", kind: "Service", namespaced, generation: "none" },
  { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced, generation: "first" },
  { group: "", version: "v1", plural: "serviceaccounts", kind: "ServiceAccount", namespaced, generation: "none" },
  { group: "apps", version: "v1", plural: "deployments", kind: "Deployment", namespaced, generation: "first" },
  {
    group: "discovery.k8s.io",
    version: "v1",
    plural: "endpointslices",
    kind: "EndpointSlice",
    namespaced,
    generation: "always",
  },
  { group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease", namespaced, generation: "none" },
  {
    group: "rbac.authorization.k8s.io",
    version: "v1",
    plural: "roles",
    kind: "Role",
    namespaced,
    generation: "none",
  },
  {
    group: "rbac.authorization.k8s.io",
    version: "v1",
    plural: "rolebindings",
    kind: "RoleBinding",
    namespaced,
    generation: "none",
  },
];

/** `discovery.k8s.io/v1`, or `v1` for the core group. */
export function apiVersionOf({ group, version }: Resource): string {
  return group === "" ? version : `${group}/${version}`;
}

/** `endpointslices.discovery.k8s.io`, as messages name it. */
export function qualifiedName({ group, plural }: Resource): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** The resource of a kind. */
export function resourceOf(apiVersion: string, kind: string): Resource | undefined {
  return resources.find((resource) => resource.kind === kind && apiVersionOf(resource) === apiVersion);
}
