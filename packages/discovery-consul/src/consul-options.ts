import { type BackoffOptions, isServiceName, type RegistryError, registryError } from "@plinth/discovery";
import type { Clock } from "@plinth/module";

/** Files for talking to an agent over TLS. They are read when a connection is first needed. */
export interface ConsulTlsFiles {
  /** Whom to trust instead of the system's authorities. */
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The name that the agent's certificate must bear. Default: the URL's host. */
  readonly serverName?: string;
}

/** How a registry on Consul behaves. Every time is in milliseconds. */
export interface ConsulOptions {
  /**
   * The HTTP API of the agent on this machine, never of a load balancer: an instance belongs to the
   * agent that it registered with. Default `http://127.0.0.1:8500`.
   */
  readonly url?: string;
  readonly token?: string;
  /** A file that holds the token; it is read again whenever Consul refuses the token. */
  readonly tokenFile?: string;
  readonly tls?: ConsulTlsFiles;
  /** The datacenter that is read from. Default: the agent's. */
  readonly datacenter?: string;
  readonly namespace?: string;
  readonly partition?: string;
  /** An expression of Consul's filter language that all instances read must meet: `Node.Meta.rack == "7"`. */
  readonly filter?: string;
  /**
   * `stale`: any server answers, so that reading survives the loss of the leader; the answer of one that is
   * out of touch is not believed. `default` and `consistent`: the leader answers. Default `stale`.
   */
  readonly reads?: "stale" | "default" | "consistent";
  /** How long a server that answers may have been out of touch with its leader. Default 10,000. */
  readonly maxLastContactMs?: number;
  /** How long the server holds a query while nothing changes; at most 600,000. Default 60,000. */
  readonly waitMs?: number;
  /**
   * The limit of every other request, and what a query may take beyond its wait. Default 8,000: a server that
   * has lost its leader holds a request for 7 s before it says so.
   */
  readonly requestTimeoutMs?: number;
  /**
   * How many services are watched by a query that waits; the others are asked each `pollMs`. The agent
   * allows 200 connections an address, shared by all processes of the machine. Default 64.
   */
  readonly maxWatches?: number;
  /** Default 5,000. */
  readonly pollMs?: number;
  /** How fast a service that changes all the time is read: so many at once, then one in `refillMs`. Default 2 and 2,000. */
  readonly rate?: { readonly burst: number; readonly refillMs: number };
  /** How long an instance without checks of its own counts as alive after its last sign of life. Default 15,000. */
  readonly heartbeatTtlMs?: number;
  /** After how long an instance that is critical is taken out; Consul's least is 60,000. Default 60,000. */
  readonly deregisterAfterMs?: number;
  /** How often the agent is asked whether it still holds what was registered. Default 15,000. */
  readonly lookEveryMs?: number;
  /** What an instance offers that was registered by others and does not say it. Default `http`, spoken as `http`. */
  readonly defaultEndpoint?: { readonly name: string; readonly protocol: string };
  /** The waits after a failure. Default: 800 to 30,000, doubled, with jitter. */
  readonly backoff?: BackoffOptions;
  /** The waits after a 429. Default: 500 to 5,000. */
  readonly throttledBackoff?: BackoffOptions;
  /** The waits after a 403. Default: 10,000 to 60,000. */
  readonly deniedBackoff?: BackoffOptions;
  /** How long `resolve` waits for an answer. Default 5,000. */
  readonly resolveTimeoutMs?: number;
  /** How long a service is followed after nobody watches it any more. Default 30,000. */
  readonly lingerMs?: number;
  readonly clock?: Clock;
}

/** The options of which everything can be used. */
export interface CheckedConsulOptions extends ConsulOptions {
  readonly origin: URL;
  readonly reads: "stale" | "default" | "consistent";
  readonly maxLastContactMs: number;
  readonly waitMs: number;
  readonly requestTimeoutMs: number;
  readonly maxWatches: number;
  readonly pollMs: number;
  readonly rate: { readonly burst: number; readonly refillMs: number };
  readonly heartbeatTtlMs: number;
  readonly deregisterAfterMs: number;
  readonly lookEveryMs: number;
  readonly defaultEndpoint: { readonly name: string; readonly protocol: string };
}

/**
 * Puts in the defaults.
 *
 * @throws RegistryError `DISCOVERY_INVALID` that names everything that is wrong.
 */
export function checkOptions(options: ConsulOptions): CheckedConsulOptions {
  const checked: Omit<CheckedConsulOptions, "origin"> = {
    ...options,
    reads: options.reads ?? "stale",
    maxLastContactMs: options.maxLastContactMs ?? 10_000,
    waitMs: options.waitMs ?? 60_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 8_000,
    maxWatches: options.maxWatches ?? 64,
    pollMs: options.pollMs ?? 5_000,
    rate: options.rate ?? { burst: 2, refillMs: 2_000 },
    heartbeatTtlMs: options.heartbeatTtlMs ?? 15_000,
    deregisterAfterMs: options.deregisterAfterMs ?? 60_000,
    lookEveryMs: options.lookEveryMs ?? 15_000,
    defaultEndpoint: options.defaultEndpoint ?? { name: "http", protocol: "http" },
  };
  const problems: string[] = [];
  const text = options.url ?? "http://127.0.0.1:8500";
  const origin = URL.canParse(text) ? new URL(text) : undefined;
  if (origin === undefined || !/^https?:$/.test(origin.protocol)) problems.push(`"${masked(text)}" is no http(s) URL`);
  if (options.token !== undefined && options.tokenFile !== undefined)
    problems.push("both token and tokenFile are given");
  if (checked.deregisterAfterMs < 60_000)
    problems.push(`deregisterAfterMs ${checked.deregisterAfterMs} is under a minute`);
  if (!(checked.waitMs >= 10 && checked.waitMs <= 600_000))
    problems.push(`waitMs ${checked.waitMs} is not 10 to 600,000`);
  if (!(checked.heartbeatTtlMs >= 100)) problems.push(`heartbeatTtlMs ${checked.heartbeatTtlMs} is under 100`);
  if (!isServiceName(checked.defaultEndpoint.name))
    problems.push(`"${checked.defaultEndpoint.name}" names no endpoint`);
  for (const key of ["maxLastContactMs", "requestTimeoutMs", "maxWatches", "pollMs", "lookEveryMs"] as const) {
    if (!(checked[key] > 0)) problems.push(`${key} ${checked[key]} is not above 0`);
  }
  if (!(checked.rate.burst >= 1 && checked.rate.refillMs > 0)) problems.push("the rate allows no request");
  if (origin === undefined || problems.length > 0) throw invalid(problems);
  return { ...checked, origin };
}

function invalid(problems: readonly string[]): RegistryError {
  return registryError("DISCOVERY_INVALID", { reason: problems.join("; ") });
}

function masked(text: string): string {
  return text.replace(/\/\/[^@/]*@/, "//***@");
}
