import { experimental, Metadata, type ServiceConfig, status } from "@grpc/grpc-js";
import { type Clock, systemClock, type Timer } from "@plinth/module";
import { chooseCandidates, routableTargets } from "../picking/candidates.ts";
import { Target } from "../picking/target.ts";
import { isRegistryError, registryError } from "../port/registry-error.ts";
import type { Locality } from "../port/service-instance.ts";
import type { ServiceRegistry } from "../port/service-registry.ts";
import type { ServiceWatcher } from "../port/service-watcher.ts";
import type { Snapshot } from "../port/snapshot.ts";
import { type GrpcTarget, grpcEndpoint, parseGrpcTarget } from "./grpc-target.ts";

type ResolverConstructor = Parameters<typeof experimental.registerResolver>[1];
type GrpcUri = experimental.GrpcUri;

/** How targets are resolved. */
export interface DiscoveryResolverOptions {
  /** The scheme of the targets. Default `plinth`: `plinth:///users`. */
  readonly scheme?: string;
  /** What follows the service's name in the authority, which TLS checks the certificate against. Default `.service`. */
  readonly suffix?: string;
  /** Where the caller runs. Instances of its zone are used as long as there are any. */
  readonly locality?: Pick<Locality, "zone">;
  /** Whether instances in state `warning` are used like those that are `up`. Default `false`. */
  readonly warning?: boolean;
  /** How long calls wait for the registry's first word before they fail. Default 5,000. */
  readonly readyTimeoutMs?: number;
  readonly clock?: Clock;
}

/** Spreads calls over all instances and ejects those that fail, with gRPC's defaults. */
const serviceConfig: ServiceConfig = {
  loadBalancingConfig: [
    {
      outlier_detection: {
        success_rate_ejection: {},
        failure_percentage_ejection: {},
        child_policy: [{ round_robin: {} }],
      },
    },
  ],
  methodConfig: [],
};

/**
 * Makes `plinth:///users` a target that channels of grpc-js can be opened to: the service `users` of the
 * registry, by its first endpoint that speaks gRPC, or by the one named in `plinth:///admin.users`.
 *
 * Channels spread their calls in turn and eject instances that fail, unless a channel has its own
 * `grpc.service_config`. Weights and requests in flight play no part: grpc-js does the picking.
 *
 * grpc-js knows schemes by process: a second call for the same scheme replaces the first, for channels
 * that are opened after it.
 */
export function registerDiscoveryResolver(registry: ServiceRegistry, options: DiscoveryResolverOptions = {}): void {
  experimental.registerResolver(options.scheme ?? "plinth", resolverOf(registry, options));
}

function resolverOf(registry: ServiceRegistry, options: DiscoveryResolverOptions): ResolverConstructor {
  return class extends DiscoveryResolver {
    constructor(
      target: GrpcUri,
      listener: experimental.ResolverListener,
      channelOptions: Readonly<Record<string, unknown>>,
    ) {
      super(
        registry,
        options,
        parseGrpcTarget(target.path),
        listener,
        channelOptions["grpc.service_config"] === undefined,
      );
    }

    static getDefaultAuthority({ path }: GrpcUri): string {
      return `${path}${options.suffix ?? ".service"}`;
    }
  };
}

/** Follows a service for one channel. */
class DiscoveryResolver implements experimental.Resolver {
  readonly #registry: ServiceRegistry;
  readonly #options: DiscoveryResolverOptions;
  readonly #target: GrpcTarget;
  readonly #listener: experimental.ResolverListener;
  readonly #withConfig: boolean;
  #watcher: ServiceWatcher | undefined;
  #timer: Timer | undefined;
  #told: string | undefined;

  constructor(
    registry: ServiceRegistry,
    options: DiscoveryResolverOptions,
    target: GrpcTarget,
    listener: experimental.ResolverListener,
    withConfig: boolean,
  ) {
    this.#registry = registry;
    this.#options = options;
    this.#target = target;
    this.#listener = listener;
    this.#withConfig = withConfig;
  }

  updateResolution(): void {
    // Changes come by themselves: there is nothing to ask for again.
    if (this.#watcher !== undefined) return;
    const watcher = this.#registry.watch({ service: this.#target.service });
    this.#watcher = watcher;
    const { clock = systemClock, readyTimeoutMs = 5_000 } = this.#options;
    const action = `name the instances of "${this.#target.service}"`;
    this.#timer = clock.timer(readyTimeoutMs, () => {
      this.#fail(watcher, registryError("DISCOVERY_TIMEOUT", { registry: "hand", action, limit: readyTimeoutMs }));
    });
    void this.#follow(watcher);
  }

  destroy(): void {
    this.#timer?.cancel();
    const watcher = this.#watcher;
    this.#watcher = undefined;
    this.#told = undefined;
    void watcher?.[Symbol.asyncDispose]();
  }

  async #follow(watcher: ServiceWatcher): Promise<void> {
    watcher.ready.catch((error: unknown) => this.#fail(watcher, error));
    try {
      for await (const snapshot of watcher) this.#tell(watcher, snapshot);
    } catch (error) {
      this.#fail(watcher, error);
    }
  }

  #tell(watcher: ServiceWatcher, snapshot: Snapshot): void {
    if (watcher !== this.#watcher) return;
    this.#timer?.cancel();
    const endpoints = this.#endpointsOf(snapshot).map(({ host, port }) => ({ addresses: [{ host, port }] }));
    const told = JSON.stringify(endpoints);
    if (told === this.#told) return;
    this.#told = told;
    this.#report(experimental.statusOrFromValue(endpoints));
    if (endpoints.length > 0) return;
    // An empty list alone takes the old addresses away, and lets calls wait: grpc-js's round_robin says no more of it.
    const { service, endpoint = "gRPC" } = this.#target;
    const reason = `none of ${snapshot.instances.length} instances offers ${endpoint}`;
    this.#report(unavailable(registryError("DISCOVERY_NO_INSTANCE", { service, reason })));
  }

  #endpointsOf({ instances }: Snapshot): readonly { readonly host: string; readonly port: number }[] {
    const targets = instances.flatMap((instance) => {
      const endpoint = grpcEndpoint(this.#target, instance);
      return endpoint === undefined ? [] : [new Target(instance, endpoint)];
    });
    const { warning = false, locality } = this.#options;
    const routable = routableTargets(targets, warning);
    const { all, local } = chooseCandidates(routable, { zone: locality?.zone, panicThreshold: 0 });
    return (local ?? all).map(({ endpoint }) => endpoint);
  }

  #fail(watcher: ServiceWatcher, thrown: unknown): void {
    if (watcher !== this.#watcher || watcher.current !== undefined) return;
    this.#report(unavailable(thrown));
  }

  /** The service config goes with every report: one without it would change the policy. */
  #report(endpoints: experimental.StatusOr<experimental.Endpoint[]>): void {
    this.#listener(endpoints, {}, this.#withConfig ? experimental.statusOrFromValue(serviceConfig) : null, "");
  }
}

function unavailable(thrown: unknown): experimental.StatusOr<never> {
  const details = isRegistryError(thrown) ? `${thrown.code}: ${thrown.message}` : String(thrown);
  return experimental.statusOrFromError({ code: status.UNAVAILABLE, details, metadata: new Metadata() });
}
