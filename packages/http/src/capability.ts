import {
  type Capability,
  type Clock,
  defineModule,
  type Extension,
  type ManifestInput,
  Platform,
  scoped,
  systemClock,
} from "@plinth/module";
import { Permissions } from "@plinth/permissions";
import { Authentication } from "./authentication.ts";
import { checkPrefixes, type Locate, type Prefixed, prefixed } from "./check-prefixes.ts";
import { HeldRequests } from "./held-requests.ts";
import { createHost, type HttpHost } from "./host.ts";
import { Http, HttpDirectory } from "./http.ts";
import { Metrics } from "./module-metrics.ts";
import { Mount } from "./mount.ts";
import { MountTable } from "./mount-table.ts";
import { Followers } from "./remote/followers.ts";
import { httpRemotes } from "./remote/remotes.ts";
import type { HttpSurroundings } from "./remote/serve-http.ts";
import { defaultPrefix, type HttpSection, httpSection } from "./section.ts";
import { type HttpSettings, limitsOf, settingsSchema } from "./settings.ts";

export interface HttpOptions {
  /** Finds line and column of a key in a manifest. Default: errors name the file alone. */
  readonly locate?: Locate;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * The HTTP host as a part of the platform: the server, the service {@link Http}, and the manifest's
 * section `http`. Each call makes one for one platform.
 */
export function httpCapability(options: HttpOptions = {}): Capability {
  const { locate = (file) => ({ file }), clock = systemClock } = options;
  const mounts = new MountTable();
  const held = new HeldRequests();
  const authentication = new Authentication(held);
  const services = new Map<string, Http>();
  let prefixes = new Map<string, string>();
  const directoryFollowers = new Followers();
  let host: HttpHost | undefined;
  let surroundings: (HttpSurroundings & Pick<HttpHost, "metrics">) | undefined;
  let drainTimeoutMs = 0;

  function serviceOf(host: HttpHost, module: string): Http {
    let http = services.get(module);
    if (http === undefined) {
      http = host.serviceFor(placeOf(module));
      services.set(module, http);
    }
    return http;
  }

  function placeOf(module: string): Mount {
    const prefix = prefixes.get(module) ?? defaultPrefix(module);
    const place = mounts.of(module);
    if (place?.prefix === prefix) return place;
    if (place !== undefined) mounts.remove(place);
    const mount = new Mount(module, prefix);
    mounts.add(mount);
    return mount;
  }

  const extension: Extension<HttpSection> = {
    name: "http",
    section: { key: "http", schema: httpSection },
    check: (modules) => checkPrefixes(prefixed(modules), mounts, locate),
    accept(modules) {
      const accepted = prefixed(modules);
      prefixes = new Map(accepted.map(({ facts, prefix }) => [facts.name, prefix]));
      makePlaces(mounts, accepted);
    },
    hold: (modules) => held.hold(modules),
    async afterStart({ name }) {
      authentication.moduleRuns(name);
      await mounts.of(name)?.open();
      directoryFollowers.tell();
      held.resume(name);
    },
    beforeStop: ({ name }, signal) =>
      mounts
        .of(name)
        ?.drain(clock, drainTimeoutMs, signal)
        .then(() => authentication.moduleStops(name)),
    afterStop({ name }) {
      authentication.moduleStops(name);
      services.delete(name);
      host?.metrics.forget(name);
      const unmounted = mounts.of(name)?.unmount();
      directoryFollowers.tell();
      return unmounted;
    },
    drain: (signal) => host?.drain(signal),
  };

  const manifest: ManifestInput<HttpSettings> = {
    name: "http",
    version: "0.1.0",
    description: "The HTTP host: the routes of all modules, health and metrics.",
    dependencies: { permissions: "*", platform: "*" },
    config: settingsSchema(),
  };
  const module = defineModule(manifest, {
    requires: { permissions: Permissions, platform: Platform },
    provides: { http: Http, directory: HttpDirectory, metrics: Metrics },
    setup({ config, log, lifecycle, permissions, platform }) {
      const limits = limitsOf(config);
      const made = createHost({ limits, clock, log, platform, permissions, mounts, held, authentication });
      host = made;
      surroundings = { limits, log, mounts, authentication, metrics: made.metrics };
      drainTimeoutMs = limits.drainTimeoutMs;
      lifecycle.onStart(() => made.listen());
      lifecycle.onStop((signal) => made.close(signal));
      return {
        http: scoped((consumer) => serviceOf(made, consumer.name)),
        directory: directoryOf(made, mounts),
        metrics: scoped(({ name }) => ({ registry: made.metrics.registryOf(name) })),
      };
    },
  });

  const remotes = httpRemotes({
    surroundings() {
      if (surroundings === undefined) throw new Error("the HTTP host is set up before any module");
      return surroundings;
    },
    directory: () => ({
      address: host?.address(),
      prefixes: new Map(
        mounts.list().flatMap(({ module, prefix, hasRoutes }) => (hasRoutes ? [[module, prefix]] : [])),
      ),
    }),
    followers: directoryFollowers,
    clock,
  });
  return { module, extension, remotes };
}

function directoryOf(host: HttpHost, mounts: MountTable): HttpDirectory {
  return {
    address: () => host.address(),
    prefixOf(module) {
      const mount = mounts.of(module);
      return mount?.hasRoutes === true ? mount.prefix : undefined;
    },
  };
}

/** Gives each module a place, where it answers 503 until it runs; takes away places of modules that are gone. */
function makePlaces(mounts: MountTable, candidates: readonly Prefixed[]): void {
  const names = new Set(candidates.map(({ facts }) => facts.name));
  for (const mount of mounts.list()) if (!names.has(mount.module) && !mount.isOpen) mounts.remove(mount);
  for (const { facts, prefix } of candidates) {
    if (mounts.of(facts.name) === undefined) mounts.add(new Mount(facts.name, prefix));
  }
}
