import type { ModuleFacts } from "./extension.ts";
import type { ServiceRef } from "./service.ts";

/**
 * The names of all modules but those of the platform itself whose services nobody uses. So a part of
 * the host that nobody needs can leave undone what would cost something, such as opening a database.
 */
export function neededModules(modules: readonly ModuleFacts[]): ReadonlySet<string> {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const needed = new Set<string>();
  const waiting = modules.filter(({ source }) => source !== "platform");
  for (let module = waiting.pop(); module !== undefined; module = waiting.pop()) {
    if (needed.has(module.name)) continue;
    needed.add(module.name);
    waiting.push(...servicesUsed(module).flatMap((ref) => byName.get(ref.module) ?? []));
  }
  return needed;
}

/** The services that a module's code requires or may use; none while its code is not known. */
export function servicesUsed({ definition }: ModuleFacts): readonly ServiceRef<unknown>[] {
  return [...Object.values(definition?.requires ?? {}), ...Object.values(definition?.optional ?? {})];
}
