import { databaseCapability } from "@plinth/database";
import { grantsCapability } from "@plinth/grants";
import { httpCapability } from "@plinth/http";
import { type ImposedPlaces, isolationExtension } from "@plinth/isolation";
import { locate } from "@plinth/kernel";
import type { Capability, PlatformHost } from "@plinth/module";
import { permissionsCapability } from "@plinth/permissions";
import { discoveryCapability } from "./discovery/capability.ts";
import { hostCapability } from "./host.ts";
import type { PlatformOptions } from "./options.ts";

/**
 * What a platform can do besides ordering, starting and stopping modules. This list is the whole of
 * it: for each module the extensions' hooks run in this order on the way up and in reverse on the
 * way down.
 *
 * @param host answers once the platform has been put together.
 * @param imposed where modules run by platform.yaml.
 * @param leftOut names of modules that are there but take no part.
 */
export function capabilitiesOf(
  options: PlatformOptions,
  host: () => Omit<PlatformHost, "version">,
  imposed: () => ImposedPlaces,
  leftOut: () => readonly string[],
): readonly Capability[] {
  const clock = options.clock === undefined ? {} : { clock: options.clock };
  const root = options.root === undefined ? {} : { root: options.root };
  const env = options.env === undefined ? {} : { env: options.env };
  const builtIn: readonly Capability[] = [
    hostCapability(host),
    { extension: isolationExtension(imposed, leftOut) },
    databaseCapability({ ...root, ...clock }),
    permissionsCapability({ locate }),
    grantsCapability(),
    httpCapability({ locate, ...clock }),
    discoveryCapability({ locate, ...root, ...env, ...clock }),
  ];
  const own = options.capabilities ?? [];
  const replaced = new Set(own.map(nameOf));
  return [...builtIn.filter((capability) => !replaced.has(nameOf(capability))), ...own];
}

function nameOf({ module, extension }: Capability): string | undefined {
  return module?.manifest?.name ?? extension?.name;
}
