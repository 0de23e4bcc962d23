import type { ModuleStatus } from "@plinth/module";
import type { ControlledPlatform } from "./controlled.ts";
import type { ControlledModule, ControlStatus } from "./protocol.ts";
import type { StartTimes } from "./start-times.ts";
import { toWire } from "./wire-problem.ts";

/** What the status says of the platform besides what the platform says itself. */
export type PlatformFacts = Pick<ControlStatus, "name" | "root" | "pid" | "version" | "since" | "startedAt" | "url">;

/** The running platform at this moment; its health checks are run for it. */
export async function gatherStatus(
  platform: ControlledPlatform,
  times: StartTimes,
  facts: () => PlatformFacts,
): Promise<ControlStatus> {
  const health = new Map((await platform.health()).map((each) => [each.module, each]));
  const { state, modules } = platform.status();
  const { report } = times;
  const criticalPath = (report?.criticalPath ?? []).map(({ module, durationMs }) => ({ module, durationMs }));
  const critical = new Set(criticalPath.map(({ module }) => module));

  function controlled(status: ModuleStatus): ControlledModule {
    const { name, version, source, state, since, critical: isCritical, restarts, pid, error, skippedFor } = status;
    const checked = state === "running" ? health.get(name) : undefined;
    return {
      name,
      version,
      source,
      state,
      since,
      critical: isCritical,
      restarts,
      pid: pid ?? null,
      health: checked?.status ?? null,
      messages: checked?.messages ?? [],
      startMs: times.of(name) ?? null,
      isOnCriticalPath: critical.has(name),
      error: error === undefined ? null : toWire(error),
      skippedFor: skippedFor ?? null,
    };
  }

  return {
    ...facts(),
    state,
    start: report === undefined ? null : { durationMs: report.durationMs, criticalPath },
    modules: modules.map(controlled),
  };
}
