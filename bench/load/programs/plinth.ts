import { checkWiring, type LoadedModule, loadModules, type ModuleRegistry } from "@plinth/kernel";
import { tell } from "../measured.ts";

/**
 * What all ways of loading have in common: the plan, the code, and whether services and dependencies agree.
 *
 * @param loaded when the code of all modules was there, from the start of the process; `undefined` where it is still to come.
 */
export async function load(registry: ModuleRegistry, wanted: number, loaded?: number): Promise<void> {
  const plan = registry.resolve();
  const begun = performance.now();
  const modules: readonly LoadedModule[] = await loadModules(plan);
  const loading = performance.now() - begun;
  if (checkWiring(modules).length > 0) throw new Error("the modules are wired wrongly");
  tell(modules.filter(({ definition }) => definition !== undefined).length, wanted, loaded ?? loading);
}
