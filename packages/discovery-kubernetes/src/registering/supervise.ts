import type { RegistrationKeeper, RegistryError, ServiceInstance, WatchHub } from "@plinth/discovery";

/** Looks whether a registered instance is still shown. */
export interface Supervision {
  /** What was seen before no longer counts: the instance has been written anew. */
  restart(): void;
  end(): void;
}

/** What is looked for. */
export interface Supervised {
  readonly hub: WatchHub;
  readonly service: string;
  readonly keeper: () => RegistrationKeeper;
  /** Whether the instances show it as they should. */
  readonly shows: (instances: readonly ServiceInstance[]) => boolean;
  /** What the registration is degraded with once they do not. */
  readonly missing: () => RegistryError;
}

/** Watches the service: an instance that was shown and is not any more is lost, and registered again. */
export function supervise({ hub, service, keeper, shows, missing }: Supervised): Supervision {
  const watcher = hub.watch({ service });
  let seen = false;

  async function follow(): Promise<void> {
    for await (const { status, instances } of watcher) {
      if (status !== "live") continue;
      if (shows(instances)) seen = true;
      else if (seen) {
        seen = false;
        keeper().lost(missing());
      }
    }
  }

  // The iteration ends with the hub or the watcher, and fails only for names that no registration can have.
  follow().catch(() => {});
  return {
    restart() {
      seen = false;
    },
    end() {
      void watcher[Symbol.asyncDispose]();
    },
  };
}
