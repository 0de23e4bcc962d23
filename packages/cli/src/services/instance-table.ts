import type { Endpoint, InstanceState, ServiceInstance } from "@plinth/discovery";
import type { Paint } from "../output/paint.ts";
import { formatTable } from "../output/table.ts";

const states: readonly InstanceState[] = ["up", "warning", "draining", "down"];

/** Instances as a table for people. Empty for none. */
export function instanceTable(instances: readonly ServiceInstance[], paint: Paint): string {
  if (instances.length === 0) return "";
  const head = ["INSTANCE", "STATE", "ENDPOINTS", "VERSION", "WEIGHT", "NODE", "ZONE"];
  const rows = instances.map(({ id, state, endpoints, version, weight, locality }) => [
    // What comes before the slash tells machines apart, which the node does for people.
    id.slice(id.lastIndexOf("/") + 1),
    paintState(state, paint),
    endpoints.map(addressOf).join(", ") || "-",
    version ?? "-",
    String(weight),
    locality?.node ?? "-",
    locality?.zone ?? "-",
  ]);
  return formatTable([head.map(paint.bold), ...rows]);
}

/** `2 up, 1 draining`; `no instances`. */
export function countsOf(instances: readonly ServiceInstance[]): string {
  const counts = states.map((state) => [state, instances.filter((one) => one.state === state).length] as const);
  const parts = counts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
  return parts.length === 0 ? "no instances" : parts.join(", ");
}

/** `http://10.0.0.5:8080` */
export function addressOf({ protocol, host, port }: Endpoint): string {
  return `${protocol}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function paintState(state: InstanceState, paint: Paint): string {
  if (state === "up") return paint.green(state);
  return state === "down" ? paint.red(state) : paint.bold(state);
}
