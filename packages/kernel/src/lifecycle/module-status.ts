import type { ModuleStatus } from "@plinth/module";
import type { ModuleRun } from "./module-run.ts";

/** A module as the platform's status shows it. */
export function statusOf(run: ModuleRun): ModuleStatus {
  const { manifest, source, code } = run.module;
  return {
    name: run.name,
    version: manifest.version,
    source,
    state: run.state,
    since: run.since,
    critical: manifest.critical,
    restarts: run.restarts,
    pid: code?.pid?.(),
    error: run.error,
    skippedFor: run.skippedFor,
  };
}
