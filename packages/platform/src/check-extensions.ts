import { factsOf, type RegisteredModule } from "@plinth/kernel";
import type { Extension, PlatformError } from "@plinth/module";

/** What all extensions find wrong with the modules, in the extensions' order. */
export async function checkExtensions(
  extensions: readonly Extension[],
  modules: readonly RegisteredModule[],
): Promise<readonly PlatformError[]> {
  const found = await Promise.all(
    extensions.map((extension) => extension.check?.(modules.map((module) => factsOf(module, extension.section?.key)))),
  );
  return found.flatMap((problems) => problems ?? []);
}
