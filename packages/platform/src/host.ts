import { type Capability, defineModule, Platform, type PlatformHost, type RemoteService } from "@plinth/module";
import { serveHost } from "./remote/serve-host.ts";
import { hostVersion } from "./version.ts";

/**
 * The platform itself as a module: others require it to see state, health and events.
 *
 * @param host answers once the platform has been put together.
 */
export function hostCapability(host: () => Omit<PlatformHost, "version">): Capability {
  const module = defineModule(
    { name: "platform", version: hostVersion, description: "The platform itself: state, health and events." },
    {
      provides: { platform: Platform },
      setup: () => ({
        platform: {
          version: hostVersion,
          status: () => host().status(),
          health: (signal) => host().health(signal),
          onEvent: (listener) => host().onEvent(listener),
        },
      }),
    },
  );
  const remote: RemoteService<PlatformHost> = {
    service: Platform,
    get entry() {
      return import.meta.resolve("@plinth/platform/remote");
    },
    serve: serveHost,
  };
  return { module, remotes: [remote] };
}
