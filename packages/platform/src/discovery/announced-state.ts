import type { ModuleHealth } from "@plinth/module";

/**
 * What is announced of a module: `down` when it, or a module that it cannot do without, fails its health checks, or
 * has ended; `warning` when its own checks warn.
 *
 * @param health of the modules that run.
 */
export function announcedState(
  module: string,
  needed: ReadonlySet<string>,
  health: readonly ModuleHealth[],
): "up" | "warning" | "down" {
  const own = health.find((one) => one.module === module);
  if (own === undefined) return "down";
  const failing = health.some((one) => one.status === "fail" && (one === own || needed.has(one.module)));
  if (failing) return "down";
  return own.status === "warn" ? "warning" : "up";
}
