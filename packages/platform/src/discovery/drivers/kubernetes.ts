import type { ServiceRegistry } from "@plinth/discovery";
import { type KubernetesSettings, milliseconds } from "../settings.ts";
import { fileIn, type Surroundings, timingOf } from "./surroundings.ts";

/** A registry on the EndpointSlices of a namespace. The pod is who the downward API says: POD_NAME, POD_UID and POD_IP. */
export async function openKubernetes(
  settings: Partial<KubernetesSettings>,
  around: Surroundings,
): Promise<ServiceRegistry> {
  const { createKubernetesRegistry, kubeconfigAccess } = await import("@plinth/discovery-kubernetes");
  const { mode, namespace, kubeconfig, context, lease } = settings;
  const { env, clock, log } = around;
  const named = kubeconfig !== undefined || context !== undefined;
  const access = named
    ? kubeconfigAccess({
        env,
        clock,
        ...(kubeconfig === undefined ? {} : { files: [fileIn(around, kubeconfig)] }),
        ...(context === undefined ? {} : { context }),
      })
    : undefined;
  return createKubernetesRegistry({
    env,
    log,
    ...timingOf(around),
    ...(access === undefined ? {} : { access }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(mode === undefined ? {} : { registration: mode }),
    ...(lease === undefined ? {} : { leaseMs: milliseconds(lease) }),
  });
}
