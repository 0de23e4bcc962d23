import type { PlannedModule } from "@plinth/kernel";

/**
 * The names of a module and of everything that it cannot do without, however far away; the platform's own
 * modules are not among them.
 *
 * @param withOptional whether optional dependencies of all of them count too.
 */
export function withDependencies(
  module: PlannedModule,
  plan: readonly PlannedModule[],
  withOptional: boolean,
): readonly string[] {
  const byName = new Map(plan.map((each) => [each.manifest.name, each]));
  const found = new Set<string>();
  const waiting = [module];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.source === "platform" || found.has(next.manifest.name)) continue;
    found.add(next.manifest.name);
    for (const { name, optional } of next.manifest.dependencies) {
      const dependency = byName.get(name);
      if (dependency !== undefined && (withOptional || !optional)) waiting.push(dependency);
    }
  }
  return [...found];
}
