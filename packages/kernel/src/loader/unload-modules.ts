import type { LoadedModule } from "./load-modules.ts";

/** Lets go of what loading these modules has made, side by side. Never rejects. */
export async function unloadModules(modules: readonly LoadedModule[]): Promise<void> {
  await Promise.allSettled(modules.map(async ({ code }) => code?.unload?.()));
}
