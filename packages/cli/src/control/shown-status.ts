import { PlatformError } from "@plinth/module";
import type { ControlledModule, ControlStatus } from "@plinth/platform/control";
import type { OutputValue } from "../output/shapes/shapes.ts";
import { isWell } from "./verdict.ts";

/** What `status --json` prints of a running platform. */
export function shownStatus(status: ControlStatus): OutputValue<"status"> {
  const { name, pid, version, state, since, startedAt, url, start, root, modules } = status;
  return {
    ok: isWell(status),
    root,
    platform: {
      name,
      pid,
      apiVersion: version,
      state,
      since: timeOf(since),
      startedAt: timeOf(startedAt),
      url,
      start,
    },
    modules: modules.map(shownLive),
    problems: [],
  };
}

/** What `status --json` prints where no platform answers. */
export function shownAbsence(root: string, problems: readonly PlatformError[]): OutputValue<"status"> {
  return { ok: false, root, platform: null, modules: [], problems: problems.map((problem) => problem.toJSON()) };
}

/** What is printed of one module of a running platform. */
export function shownLive(module: ControlledModule): OutputValue<"status">["modules"][number] {
  const { name, version, source, state, since, critical, health, messages, startMs, restarts, pid, error } = module;
  return {
    name,
    version,
    source,
    state,
    since: timeOf(since),
    critical,
    health,
    messages,
    startMs,
    onCriticalPath: module.isOnCriticalPath,
    restarts,
    pid,
    error: error === null ? null : new PlatformError(error).toJSON(),
    skippedFor: module.skippedFor,
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
