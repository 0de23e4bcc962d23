import type { RemoteLink } from "@plinth/module";
import type { Dispatcher } from "undici";
import { discoveryDispatcher } from "../http/discovery-dispatcher.ts";
import { remoteRegistry } from "./remote-registry.ts";

/**
 * The service `ServiceDispatcher` in a process of the module's own, over the host's registry. What it
 * counts is not on `/metrics`.
 */
export default async function connectDispatcher(link: RemoteLink): Promise<Dispatcher> {
  const zone = await link.call<string | undefined>("zone");
  return discoveryDispatcher(await remoteRegistry(link), { locality: zone === undefined ? {} : { zone } });
}
