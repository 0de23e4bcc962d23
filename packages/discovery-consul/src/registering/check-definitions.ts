import type { DesiredRegistration, EndpointSpec, InstanceCheck } from "@plinth/discovery";
import { bracketed } from "../service-meta.ts";

/** One check as the agent is told of it. Durations in Go's notation. */
export interface CheckDefinition {
  readonly CheckID: string;
  readonly Name: string;
  readonly Notes?: string;
  readonly Status?: "passing" | "warning" | "critical";
  readonly TTL?: string;
  readonly HTTP?: string;
  readonly GRPC?: string;
  readonly GRPCUseTLS?: boolean;
  readonly Interval?: string;
  readonly Timeout?: string;
  readonly DeregisterCriticalServiceAfter?: string;
}

/** What the checks of an instance depend on besides its registration. */
export interface CheckSettings {
  /** The instance's id at the agent. */
  readonly serviceId: string;
  /** Tells processes with the same id apart: a check of a process before this one says nothing of this one. */
  readonly run: string;
  /** The address of endpoints that name no host. */
  readonly address: string;
  /** For an instance that names no checks. */
  readonly heartbeatTtlMs: number;
  readonly deregisterAfterMs: number;
  /** Why somebody took the instance out of service, where that is to last. */
  readonly maintenance: string | undefined;
}

/** The checks, and what keeps them passing. */
export interface DefinedChecks {
  readonly checks: readonly CheckDefinition[];
  /** The check that wants signs of life; `undefined` when there is none. */
  readonly heartbeat: { readonly checkId: string; readonly ttlMs: number } | undefined;
}

const untouched = "87600h";

/**
 * The checks of an instance. A heartbeat begins as passing, for who registers is alive; HTTP and gRPC checks begin
 * as critical until the agent has asked for the first time. A state that the instance says of itself is a check of
 * its own, whose id holds it: the agent keeps the last status of an id that it knows.
 */
export function defineChecks(desired: DesiredRegistration, settings: CheckSettings): DefinedChecks {
  const { serviceId, run, heartbeatTtlMs, deregisterAfterMs, maintenance } = settings;
  const wanted = desired.checks ?? [{ type: "heartbeat", ttlMs: heartbeatTtlMs }];
  const ttls = wanted.flatMap((check) => (check.type === "heartbeat" ? [check.ttlMs] : []));
  const ttlMs = ttls.length === 0 ? undefined : Math.min(...ttls);
  const checkId = (name: string): string => `plinth:${serviceId}:${run}:${name}`;
  const expiry = { DeregisterCriticalServiceAfter: `${deregisterAfterMs}ms` };
  const checks: CheckDefinition[] = [];
  if (ttlMs !== undefined) {
    const name = `Heartbeat of ${desired.id}`;
    checks.push({ CheckID: checkId("heartbeat"), Name: name, TTL: `${ttlMs}ms`, Status: "passing", ...expiry });
  }
  for (const [index, check] of wanted.entries()) {
    if (check.type === "heartbeat") continue;
    const endpoint = desired.endpoints.find(({ name }) => name === check.endpoint) as EndpointSpec;
    checks.push({
      CheckID: checkId(`${check.type}-${index}`),
      Name: `${check.type === "http" ? `HTTP ${check.path}` : "gRPC health"} of ${desired.id}`,
      ...targetOf(check, endpoint, endpoint.host ?? settings.address),
      Interval: `${check.intervalMs}ms`,
      Timeout: `${check.timeoutMs ?? Math.min(check.intervalMs, 5_000)}ms`,
      // Alive but unwell is no reason to be taken out, where a heartbeat tells the two apart.
      ...(ttlMs === undefined ? expiry : {}),
    });
  }
  if (desired.state === "warning" || desired.state === "down") {
    const status = desired.state === "warning" ? "warning" : "critical";
    const name = `State of ${desired.id}`;
    checks.push({ CheckID: checkId(`state-${status}`), Name: name, TTL: untouched, Status: status });
  }
  if (maintenance !== undefined) {
    const name = "Service Maintenance Mode";
    const id = `_service_maintenance:${serviceId}`;
    checks.push({ CheckID: id, Name: name, Notes: maintenance, TTL: untouched, Status: "critical" });
  }
  return { checks, heartbeat: ttlMs === undefined ? undefined : { checkId: checkId("heartbeat"), ttlMs } };
}

function targetOf(
  check: Exclude<InstanceCheck, { readonly type: "heartbeat" }>,
  { protocol, port }: EndpointSpec,
  host: string,
): Pick<CheckDefinition, "HTTP" | "GRPC" | "GRPCUseTLS"> {
  const authority = `${bracketed(host)}:${port}`;
  if (check.type === "grpc") {
    const service = check.service === undefined ? "" : `/${check.service}`;
    return { GRPC: `${authority}${service}`, GRPCUseTLS: protocol === "grpcs" };
  }
  const path = check.path.startsWith("/") ? check.path : `/${check.path}`;
  return { HTTP: `${protocol === "https" ? "https" : "http"}://${authority}${path}` };
}
