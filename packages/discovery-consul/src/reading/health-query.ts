import { type RegistryError, registryError } from "@plinth/discovery";
import type { ConsulAnswer, ConsulClient } from "../client/consul-client.ts";
import type { CheckedConsulOptions } from "../consul-options.ts";
import type { HealthEntry } from "../health-entry.ts";

/** One question for the instances of a service. */
export interface HealthQuestion {
  readonly service: string;
  /** 0: answer at once. */
  readonly index: number;
  /** Whether only the leader's answer will do. */
  readonly fromLeader: boolean;
  readonly signal: AbortSignal;
}

/** Asks for all instances of a service, in every state. A question with an index is held by the server until something changes. */
export function askHealth(
  client: ConsulClient,
  options: CheckedConsulOptions,
  { service, index, fromLeader, signal }: HealthQuestion,
): Promise<ConsulAnswer> {
  const { waitMs, requestTimeoutMs, reads } = options;
  const mode = fromLeader && reads === "stale" ? "default" : reads;
  return client.request({
    action: `watch "${service}"`,
    grant: `service "${service}" { policy = "read" } and node_prefix "" { policy = "read" }`,
    path: ["health", "service", service],
    query: {
      dc: options.datacenter,
      filter: options.filter,
      ...(mode === "default" ? {} : { [mode]: "" }),
      ...(index === 0 ? {} : { index: String(index), wait: `${waitMs}ms` }),
    },
    // The server adds up to a sixteenth of the wait, so that not all of its clients come back together.
    limitMs: index === 0 ? requestTimeoutMs : (waitMs * 17) / 16 + requestTimeoutMs,
    signal,
  });
}

/** Why the answer of a server that is out of touch with its leader is not to be believed; `undefined` when it is. */
export function behindError(
  answer: ConsulAnswer,
  client: ConsulClient,
  { maxLastContactMs }: CheckedConsulOptions,
): RegistryError | undefined {
  const { registry } = client;
  const contact = Number(answer.header("x-consul-lastcontact") ?? 0);
  if (answer.header("x-consul-knownleader") === "false") {
    return registryError("DISCOVERY_BEHIND", { registry, reason: "its server knows no leader" });
  }
  if (!(contact > maxLastContactMs)) return undefined;
  const reason = `its server last heard of the leader ${contact} ms ago, and ${maxLastContactMs} ms are allowed`;
  return registryError("DISCOVERY_BEHIND", { registry, reason });
}

/**
 * The instances in an answer.
 *
 * @throws RegistryError `DISCOVERY_DENIED` where access control left nothing, for that is no empty service;
 *   `DISCOVERY_UNAVAILABLE` when the answer is no list.
 */
export function entriesOf(answer: ConsulAnswer, service: string, client: ConsulClient): readonly HealthEntry[] {
  const { registry } = client;
  const action = `watch "${service}"`;
  const entries = answer.json();
  if (!Array.isArray(entries)) {
    throw registryError("DISCOVERY_UNAVAILABLE", { registry, action, reason: "its answer is no list of instances" });
  }
  if (entries.length === 0 && answer.header("x-consul-results-filtered-by-acls") === "true") {
    const grant = `service "${service}" { policy = "read" } and node_prefix "" { policy = "read" }`;
    throw registryError("DISCOVERY_DENIED", { registry, action, reason: "the token may see no instance", grant });
  }
  return entries as readonly HealthEntry[];
}
