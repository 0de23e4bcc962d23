import type { ModuleFacts } from "@plinth/module";

/**
 * The modules that each one cannot do without: the platform's own, and its dependencies that are not optional, with
 * theirs. Linear in modules and dependencies for each module that is asked for.
 */
export function neededModules(modules: readonly ModuleFacts[]): (module: string) => ReadonlySet<string> {
  const dependencies = new Map(modules.map(({ name, manifest }) => [name, manifest.dependencies]));
  const platform = modules.flatMap(({ name, source }) => (source === "platform" ? [name] : []));
  return (module) => {
    const needed = new Set(platform);
    const waiting = [module];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const { name, optional } of dependencies.get(next) ?? []) {
        if (optional || needed.has(name)) continue;
        needed.add(name);
        waiting.push(name);
      }
    }
    needed.delete(module);
    return needed;
  };
}
