import { type IsolationSection, isolatedCode, placeOf } from "@plinth/isolation";
import type { LoadCode, RegisteredModule } from "@plinth/kernel";
import type { PluginModule } from "@plinth/plugins";
import type { PreparedPlatform } from "../prepare-platform.ts";

/**
 * A module with the way in which its code is got: in the platform's own process, or in one of the
 * module's own, with what it is granted. A plugin is granted what was agreed to when it was installed,
 * another module what its manifest asks for. A plugin is never critical: the platform goes on without it.
 */
export function runnable(module: RegisteredModule, prepared: PreparedPlatform): RegisteredModule {
  const { source } = module;
  const manifest = isPlugin(module) ? { ...module.manifest, critical: false } : module.manifest;
  const section = manifest.sections.isolation as IsolationSection | undefined;
  const place = placeOf({ name: manifest.name, source, section }, prepared.sources.platform.isolation);
  if (place === "in-process") return manifest === module.manifest ? module : { ...module, manifest };
  return { ...module, manifest, definition: undefined, load: isolated(module, section, prepared) };
}

function isolated(
  module: RegisteredModule,
  section: IsolationSection | undefined,
  { options, capabilities }: PreparedPlatform,
): LoadCode {
  const rights = isPlugin(module) ? module.plugin.rights : section?.rights;
  const { root, env, log, clock, childEntry } = options;
  const importMs = module.manifest.timeouts.start;
  return isolatedCode(module, {
    remotes: capabilities.flatMap(({ remotes }) => remotes ?? []),
    ...(importMs === undefined ? {} : { limits: { importMs } }),
    ...(rights === undefined ? {} : { rights }),
    ...(root === undefined ? {} : { root }),
    ...(env === undefined ? {} : { env }),
    ...(log === undefined ? {} : { log: log.child({ module: module.manifest.name }) }),
    ...(clock === undefined ? {} : { clock }),
    ...(childEntry === undefined ? {} : { childEntry }),
  });
}

function isPlugin(module: RegisteredModule): module is PluginModule {
  return module.source === "plugin";
}
