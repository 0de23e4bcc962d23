import type { ServiceInstance, Snapshot } from "@plinth/discovery";
import type { Problem } from "@plinth/module";

/** A snapshot as `--json` prints it; times in ISO 8601. */
export interface ShownSnapshot {
  readonly service: string;
  readonly status: Snapshot["status"];
  /** When the registry last confirmed the instances. */
  readonly observedAt: string;
  /** Since when the registry cannot be asked; `null` while it can. */
  readonly staleSince: string | null;
  readonly lastError: Problem | null;
  readonly instances: readonly ServiceInstance[];
}

/** What `--json` prints of a snapshot. */
export function shownSnapshot({
  service,
  status,
  observedAt,
  staleSince,
  lastError,
  instances,
}: Snapshot): ShownSnapshot {
  return {
    service,
    status,
    observedAt: timeOf(observedAt),
    staleSince: staleSince === undefined ? null : timeOf(staleSince),
    lastError: lastError?.toJSON() ?? null,
    instances,
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
