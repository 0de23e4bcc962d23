import { nearest, type RegisteredModule } from "@plinth/kernel";
import { platformError } from "@plinth/module";

/**
 * The module of this name; of several the first.
 *
 * @throws PlatformError `COMMAND_MODULE_UNKNOWN` with the nearest name there is.
 */
export function findModule(modules: readonly RegisteredModule[], name: string): RegisteredModule {
  const found = modules.find(({ manifest }) => manifest.name === name);
  if (found !== undefined) return found;
  const meant = nearest(
    name,
    modules.map(({ manifest }) => manifest.name),
  );
  const hint =
    meant === undefined
      ? "Run platformctl modules list to see the modules."
      : `Write ${meant} instead, or run platformctl modules list to see the modules.`;
  throw platformError("COMMAND_MODULE_UNKNOWN", { module: name, hint });
}
