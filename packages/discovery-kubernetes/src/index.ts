export type { ApiAccess, ApiTls, Credentials } from "./access/api-access.ts";
export { findAccess } from "./access/find-access.ts";
export { type InClusterOptions, inClusterAccess, isInCluster } from "./access/in-cluster.ts";
export { type KubeconfigOptions, kubeconfigAccess } from "./access/kubeconfig-access.ts";
export {
  type OfficialHttpsOptions,
  type OfficialKubeConfig,
  officialClientAccess,
} from "./access/official-client.ts";
export { managedRules, type RoleRule, roleText, watchingRules } from "./api/roles.ts";
export { createKubernetesRegistry, type KubernetesRegistryOptions } from "./kubernetes-registry.ts";
export { type PodIdentity, podFromEnvironment } from "./registering/pod.ts";
export {
  type Readiness,
  type ReadinessEndpoint,
  type ReadinessEndpointOptions,
  serveReadiness,
} from "./registering/readiness.ts";
export type { AddressFamily } from "./slices/endpoint-copy.ts";
