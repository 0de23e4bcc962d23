import type { ModuleHealth } from "@plinth/module";

/**
 * What is announced of a module: `down` when it, or a module that it cannot do without, fails its health checks, or
 * does not run; `warning` when its own checks warn.
 *
 * @param health of the modules that run.
 */
export function announcedState(
  module: string,
  needed: ReadonlySet<string>,
  health: readonly ModuleHealth[],
): "up" | "warning" | "down" {
  const states = new Map(health.map((one) => [one.module, one.status]));
  for (const name of [module, ...needed]) {
    const status = states.get(name);
    if (status === undefined || status === "fail") return "down";
  }
  return states.get(module) === "warn" ? "warning" : "up";
}
