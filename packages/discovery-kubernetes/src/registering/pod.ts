import { isInCluster } from "../access/in-cluster.ts";

/** The pod that this process runs in. */
export interface PodIdentity {
  readonly name: string;
  /** Tells it from an earlier pod of the same name, and lets what is written for it be cleaned up with it. */
  readonly uid?: string;
  readonly ip?: string;
}

/**
 * The pod as the downward API tells it: POD_NAME, POD_UID and POD_IP. Inside a cluster the host's name stands in for
 * POD_NAME, which is right unless the pod uses the network of its node. `undefined` outside a pod.
 */
export function podFromEnvironment(env: Readonly<Record<string, string | undefined>>): PodIdentity | undefined {
  const name = env.POD_NAME || (isInCluster(env) ? env.HOSTNAME : undefined);
  if (!name) return undefined;
  return {
    name,
    ...(env.POD_UID ? { uid: env.POD_UID } : {}),
    ...(env.POD_IP ? { ip: env.POD_IP } : {}),
  };
}
