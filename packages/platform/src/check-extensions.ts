import { factsOf, type RegisteredModule } from "@plinth/kernel";
import type { Extension, PlatformError } from "@plinth/module";

/** What all extensions find wrong with the modules, in the extensions' order. */
export async function checkExtensions(
  extensions: readonly Extension[],
  modules: readonly RegisteredModule[],
): Promise<readonly PlatformError[]> {
  const found = await Promise.all(extensions.map((extension) => extension.check?.(factsFor(extension, modules))));
  return found.flatMap((problems) => problems ?? []);
}

/** Lets all extensions, in their order, take in the modules that they have just checked. */
export async function acceptModules(
  extensions: readonly Extension[],
  modules: readonly RegisteredModule[],
): Promise<void> {
  for (const extension of extensions) await extension.accept?.(factsFor(extension, modules));
}

function factsFor({ section }: Extension, modules: readonly RegisteredModule[]) {
  return modules.map((module) => factsOf(module, section?.key));
}
