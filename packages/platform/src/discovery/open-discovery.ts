import type { ServiceRegistry } from "@plinth/discovery";
import { PlatformErrors, platformError, silentLogger, systemClock } from "@plinth/module";
import { readSettings } from "../settings/read-settings.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import { discoveryManifest } from "./capability.ts";
import { openRegistry } from "./drivers/open-registry.ts";
import type { DiscoverySettings } from "./settings.ts";

/** Whose registry is wanted, and how it is to be used. */
export interface DiscoveryAccess {
  /** The folder that holds platform.yaml, absolute. Without it only `env` and `set` count. */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Assignments such as `discovery.driver=consul`; the strongest of all. */
  readonly set?: readonly string[];
  /** How long a question waits for the registry's answer. Default: the registry's own. */
  readonly resolveTimeoutMs?: number;
}

/** A registry that is used from outside of its platform. */
export interface OpenedDiscovery {
  readonly settings: DiscoverySettings;
  readonly registry: ServiceRegistry;
}

/**
 * Opens the registry that a platform's settings name, for a program that only looks. Manifests are not read, so that
 * it works on a platform that is broken.
 *
 * @throws PlatformErrors for settings that are wrong; PlatformError `DISCOVERY_NOT_SHARED` for the driver memory,
 *   and what the driver finds wrong.
 */
export async function openDiscovery({
  root,
  env = {},
  set,
  resolveTimeoutMs,
}: DiscoveryAccess): Promise<OpenedDiscovery> {
  const sources = readSettings({ root, env, set });
  const { name, config } = discoveryManifest();
  const module = { name, config: config as Readonly<Record<string, unknown>>, file: undefined };
  // What is not known here may be the settings of any other module.
  const { problems, forModule } = await resolveSettings({ ...sources, modulesKnown: false }, [module]);
  if (problems.length > 0) throw new PlatformErrors(problems);
  const settings = forModule(name) as unknown as DiscoverySettings;
  if (settings.driver === "memory") throw platformError("DISCOVERY_NOT_SHARED", {});
  const around = { root, env, clock: systemClock, log: silentLogger, lingerMs: 0 };
  const registry = await openRegistry(settings, {
    ...around,
    ...(resolveTimeoutMs === undefined ? {} : { resolveTimeoutMs }),
  });
  return { settings, registry };
}
