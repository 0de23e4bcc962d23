import type { RemoteLink } from "@plinth/module";
import type { ServiceRegistry } from "../port/service-registry.ts";
import { remoteRegistry } from "./remote-registry.ts";

/** The service `Discovery` in a process of the module's own. */
export default async function connectDiscovery(link: RemoteLink): Promise<ServiceRegistry> {
  const registry = await remoteRegistry(link);
  // It ends with the process, as it does with the platform elsewhere.
  return { ...registry, async [Symbol.asyncDispose]() {} };
}
