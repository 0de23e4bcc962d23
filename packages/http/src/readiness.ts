import type { ModuleHealth, ModuleStatus, PlatformState, PlatformStatus } from "@plinth/module";

/** A module that is not ready, and why. */
export interface UnreadyModule {
  readonly name: string;
  readonly state: ModuleStatus["state"];
  /** Whether the platform is not ready because of it. */
  readonly critical: boolean;
  /** What its error, or its health checks, say. */
  readonly messages: readonly string[];
}

/** Whether the platform should get traffic. */
export interface Readiness {
  readonly ready: boolean;
  readonly state: PlatformState;
  /** Modules that are not ready, in the order of the plan, also those that are not critical. */
  readonly modules: readonly UnreadyModule[];
  /** Running modules whose health checks warn. They do not make the platform unready. */
  readonly warnings: readonly { readonly name: string; readonly messages: readonly string[] }[];
}

/** Whether a platform in this state takes traffic at all; if so, its modules' health decides. */
export function takesTraffic(status: PlatformStatus): boolean {
  return status.state === "running" || status.state === "degraded";
}

/** Judges a platform by its status and by the health of its running modules. */
export function judgeReadiness(status: PlatformStatus, health: readonly ModuleHealth[]): Readiness {
  const failing = new Map(health.filter(({ status }) => status === "fail").map((one) => [one.module, one.messages]));
  const modules = status.modules.flatMap((module): UnreadyModule[] => {
    const { name, state, critical } = module;
    if (state !== "running") return [{ name, state, critical, messages: reasonsOf(module) }];
    const messages = failing.get(name);
    return messages === undefined ? [] : [{ name, state, critical, messages }];
  });
  const blocking = modules.some(({ name, critical, state }) => critical && (failing.has(name) || state === "failed"));
  const warnings = health.flatMap(({ module, status, messages }) =>
    status === "warn" ? [{ name: module, messages }] : [],
  );
  return { ready: takesTraffic(status) && !blocking, state: status.state, modules, warnings };
}

function reasonsOf({ error, skippedFor }: ModuleStatus): string[] {
  if (error !== undefined) return [error.message];
  return skippedFor === undefined ? [] : [`waits for the module ${skippedFor}, which failed`];
}
