import { createMemoryRegistry, type ServiceRegistry } from "@plinth/discovery";
import type { DiscoverySettings } from "../settings.ts";
import { openConsul } from "./consul.ts";
import { openKubernetes } from "./kubernetes.ts";
import { type Surroundings, timingOf } from "./surroundings.ts";

/**
 * Opens the registry that the settings name; the code of the others is not loaded. A registry that is away is no
 * error here.
 *
 * @throws RegistryError for settings that cannot be, and where there is no cluster to sign in to.
 */
export async function openRegistry(settings: DiscoverySettings, around: Surroundings): Promise<ServiceRegistry> {
  switch (settings.driver) {
    case "memory":
      return createMemoryRegistry(timingOf(around));
    case "consul":
      return await openConsul(settings.consul ?? {}, around);
    case "kubernetes":
      return await openKubernetes(settings.kubernetes ?? {}, around);
    default:
      return settings.driver satisfies never;
  }
}
