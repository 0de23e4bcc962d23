import type { InstanceState } from "@plinth/discovery";
import type { HealthCheck } from "../health-entry.ts";

/** The reason that tells a drain from a maintenance that somebody else began. */
export const drainReason = "plinth: draining";

/** Whether the check stands for maintenance, of the instance or of its whole node. */
export function isMaintenance({ CheckID }: HealthCheck): boolean {
  return CheckID === "_node_maintenance" || CheckID.startsWith("_service_maintenance:");
}

/**
 * What all checks together say, those of the node included: the worst counts. An instance that drains
 * stays `draining` only as long as nothing else is wrong with it; any other maintenance is `down`.
 */
export function stateOf(checks: readonly HealthCheck[]): InstanceState {
  let state: InstanceState = "up";
  let draining = false;
  for (const check of checks) {
    if (isMaintenance(check) && check.Notes === drainReason) draining = true;
    else if (check.Status === "warning") state = "warning";
    else if (check.Status !== "passing") return "down";
  }
  return draining ? "draining" : state;
}
