import type { LoadedModule } from "../loader/load-modules.ts";

/**
 * The modules that have to stop or start when some do: those themselves and everything that depends
 * on them, before the change or after it.
 *
 * @param plans lists of modules in plan order, each with its own positions.
 */
export function affectedBy(
  concerned: ReadonlySet<string>,
  ...plans: readonly (readonly LoadedModule[])[]
): ReadonlySet<string> {
  const affected = new Set(concerned);
  // In plan order a module comes after all that it depends on, so that one pass finds all dependents.
  for (let before = -1; before !== affected.size; ) {
    before = affected.size;
    for (const modules of plans) {
      for (const { manifest, dependencies } of modules) {
        if (affected.has(manifest.name)) continue;
        if (dependencies.some((index) => affected.has(modules[index]?.manifest.name ?? "")))
          affected.add(manifest.name);
      }
    }
    if (plans.length === 1) break;
  }
  return affected;
}
