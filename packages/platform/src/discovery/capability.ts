import {
  Announce,
  type AnnouncedEndpoints,
  createDiscoveryCounters,
  Discovery,
  discoveryRemotes,
  ServiceDispatcher,
  type ServiceRegistry,
} from "@plinth/discovery";
import type { DiscoveryDispatcher } from "@plinth/discovery/http";
import { HttpDirectory, Metrics } from "@plinth/http";
import type { Locate } from "@plinth/kernel";
import {
  type Capability,
  type Clock,
  defineModule,
  type Extension,
  type HealthResult,
  type ManifestInput,
  Platform,
  scoped,
  servicesUsed,
  systemClock,
} from "@plinth/module";
import { Announcer } from "./announcer.ts";
import { checkAnnounced } from "./check-announced.ts";
import { showDiscoveryMetrics } from "./discovery-metrics.ts";
import { openRegistry } from "./drivers/open-registry.ts";
import { neededModules } from "./needed-modules.ts";
import { endpointName, type ServicesSection, servicesSection } from "./section.ts";
import { type DiscoverySettings, settingsSchema } from "./settings.ts";
import { SharedRegistry } from "./shared-registry.ts";

/** How the capability is made. */
export interface DiscoveryOptions {
  /** A registry of one's own instead of the one that the settings name. It ends with the platform. */
  readonly registry?: ServiceRegistry;
  /** What files in the settings are relative to: the platform's folder. Default: the working directory. */
  readonly root?: string;
  /** For what settings leave open, such as CONSUL_HTTP_ADDR and KUBECONFIG. Default: nothing. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Finds line and column of a key in a manifest. Default: errors name the file alone. */
  readonly locate?: Locate;
  readonly clock?: Clock;
}

/** The manifest of the module `discovery`: its settings are the key `discovery` of platform.yaml. */
export function discoveryManifest(): ManifestInput<DiscoverySettings> {
  return {
    name: "discovery",
    version: "0.1.0",
    description: "The service registry: what modules announce, and the services of others.",
    dependencies: { http: "*", platform: "*" },
    config: settingsSchema(),
  };
}

/**
 * The service registry as a part of the platform: the services {@link Discovery}, {@link Announce} and
 * {@link ServiceDispatcher}, and the
 * manifest's section `services`. Each call makes one for one platform.
 *
 * When the platform stops, what it announces is made unroutable while requests are still served, callers get the
 * grace to notice, and it is taken out, all before any module stops.
 */
export function discoveryCapability(options: DiscoveryOptions = {}): Capability {
  const { locate = (file) => ({ file }), clock = systemClock, env = {}, root } = options;
  const shared = new SharedRegistry();
  let sections: ReadonlyMap<string, ServicesSection> = new Map();
  let needed = neededModules([]);
  let callsServices = false;
  let zone: string | undefined;
  let announcer: Announcer | undefined;
  /** Set while the module runs. */
  let openDispatcher: (() => Promise<void>) | undefined;

  const extension: Extension<ServicesSection> = {
    name: "discovery",
    section: { key: "services", schema: servicesSection },
    check(modules) {
      return checkAnnounced(modules, locate);
    },
    accept(modules) {
      needed = neededModules(modules);
      sections = new Map(modules.flatMap(({ name, section }) => (section === undefined ? [] : [[name, section]])));
      callsServices = modules.some((module) => servicesUsed(module).some(({ id }) => id === ServiceDispatcher.id));
      if (callsServices) return openDispatcher?.();
    },
    afterStart: (facts) => announcer?.add(facts),
    beforeStop: ({ name }, signal) => announcer?.withdraw(name, signal),
    drain: (signal) => announcer?.close(signal),
  };

  const module = defineModule(discoveryManifest(), {
    requires: { http: HttpDirectory, metrics: Metrics, platform: Platform },
    provides: { discovery: Discovery, announce: Announce, dispatcher: ServiceDispatcher },
    setup({ config, http, metrics, platform, log, lifecycle }) {
      const made = new Announcer({
        settings: config,
        registry: shared.service,
        platform,
        http,
        clock,
        log,
        needed: (module) => needed(module),
      });
      announcer = made;
      zone = config.zone;
      let dispatcher: DiscoveryDispatcher | undefined;
      const unlisten = platform.onEvent((event) => {
        if (event.type === "platform.state" && (event.to === "running" || event.to === "degraded")) made.open();
        if (event.type === "module.state" && event.to === "running") made.moduleRuns(event.module);
      });
      const openOnce = async () => {
        if (dispatcher !== undefined) return;
        const { discoveryDispatcher } = await import("@plinth/discovery/http");
        const counters = createDiscoveryCounters();
        showDiscoveryMetrics(metrics, counters, () => clock.wallTime());
        const locality = config.zone === undefined ? {} : { zone: config.zone };
        dispatcher = discoveryDispatcher(shared.service, { clock, observer: counters, locality });
      };
      lifecycle.onStart(async () => {
        shared.open(options.registry ?? (await openRegistry(config, { root, env, clock, log })));
        openDispatcher = openOnce;
        if (callsServices) await openOnce();
      });
      lifecycle.onStop(async () => {
        openDispatcher = undefined;
        unlisten();
        await made.close();
        await dispatcher?.close();
        await shared.close(clock, log);
      });
      lifecycle.onHealth(() => healthOf([...shared.service.health().messages, ...made.complaints()]));
      return {
        // Asked for when a module that requires it is set up, which is after this module has started.
        dispatcher: scoped(() => dispatcher as DiscoveryDispatcher),
        discovery: shared.service,
        announce: scoped(({ name }) => ({
          endpoint: (service, place) => made.place(name, sections.get(name) ?? [], service, place),
        })),
      };
    },
  });

  const remotes = discoveryRemotes({
    registry: shared.service,
    clock,
    zone: () => zone,
    announced: (module) => endpointsByService(sections.get(module) ?? []),
  });
  return { module, extension, remotes };
}

function endpointsByService(section: ServicesSection): AnnouncedEndpoints {
  const entries = Map.groupBy(section, ({ name }) => name);
  return new Map([...entries].map(([service, endpoints]) => [service, endpoints.map(endpointName)]));
}

/** A registry that is away is no reason to take the platform out of traffic: it serves all the same. */
function healthOf(messages: readonly string[]): HealthResult {
  return messages.length === 0 ? { status: "pass" } : { status: "warn", message: messages.join("; ") };
}
