import path from "node:path";
import { type IsolationSection, isolatedCode, missingRights, placeOf } from "@plinth/isolation";
import type { LoadCode, RegisteredModule } from "@plinth/kernel";
import { noRights, silentLogger } from "@plinth/module";
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
  const { name, timeouts } = module.manifest;
  const { root, env, clock, childEntry } = options;
  const log = (options.log ?? silentLogger).child({ module: name });
  const rights = (isPlugin(module) ? module.plugin.rights : section?.rights) ?? noRights;
  const load = isolatedCode(module, {
    remotes: capabilities.flatMap(({ remotes }) => remotes ?? []),
    rights,
    log,
    ...(timeouts.start === undefined ? {} : { limits: { importMs: timeouts.start } }),
    ...(root === undefined ? {} : { root }),
    ...(root === undefined || isPlugin(module) ? {} : foldersFor(root)),
    ...(env === undefined ? {} : { env }),
    ...(clock === undefined ? {} : { clock }),
    ...(childEntry === undefined ? {} : { childEntry }),
  });
  return (signal) => {
    const missing = missingRights(section?.rights ?? noRights, rights);
    if (missing.length > 0)
      log.warn({ missing }, `${name} asks for rights that it was not granted: ${missing.join(", ")}`);
    return load(signal);
  };
}

/**
 * What makes a module from a folder start sooner, and as it was when its files have changed. A plugin runs
 * from a copy, and could leave something for its next version in what is compiled, which nobody has checked.
 */
function foldersFor(root: string) {
  return { compileCache: path.join(root, ".data/compiled"), keepIn: path.join(root, ".data/former") };
}

function isPlugin(module: RegisteredModule): module is PluginModule {
  return module.source === "plugin";
}
