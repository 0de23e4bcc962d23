import { existsSync } from "node:fs";
import { registryError } from "@plinth/discovery";
import { type Clock, systemClock } from "@plinth/module";
import type { ApiAccess } from "./api-access.ts";
import { inClusterAccess, isInCluster } from "./in-cluster.ts";
import { kubeconfigAccess, kubeconfigFiles } from "./kubeconfig-access.ts";

/**
 * Signs in as the surroundings suggest: by the kubeconfig that KUBECONFIG names, else by the pod's service account,
 * else by `~/.kube/config`.
 *
 * @throws RegistryError `DISCOVERY_NO_CLUSTER`, `DISCOVERY_KUBECONFIG`.
 */
export function findAccess(
  env: Readonly<Record<string, string | undefined>> = process.env,
  clock: Clock = systemClock,
): ApiAccess {
  if (!env.KUBECONFIG && isInCluster(env)) return inClusterAccess({ env, clock });
  const files = kubeconfigFiles(env);
  if (env.KUBECONFIG || files.some((file) => existsSync(file))) return kubeconfigAccess({ files, env, clock });
  const reason = `KUBERNETES_SERVICE_HOST and KUBECONFIG are not set, and there is no ${files[0]}`;
  throw registryError("DISCOVERY_NO_CLUSTER", { reason });
}
