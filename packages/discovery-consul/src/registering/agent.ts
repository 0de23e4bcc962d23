import { type RegistryError, registryError } from "@plinth/discovery";
import type { RequestPurpose } from "../client/answer-error.ts";
import type { ConsulAnswer, ConsulClient, ConsulRequest } from "../client/consul-client.ts";
import type { HealthCheck } from "../health-entry.ts";
import { isMaintenance } from "../reading/instance-state.ts";
import { ownPrefix } from "../service-meta.ts";
import type { ServiceDefinition } from "./service-definition.ts";

/** Who the agent is. */
export interface AgentIdentity {
  /** The id of its node. */
  readonly node: string;
  /** The address under which other nodes know it. */
  readonly address: string;
}

/** The agent's part of Consul's API, for one instance. */
export interface Agent {
  self(signal: AbortSignal): Promise<AgentIdentity>;
  /** Takes the definition for whatever the agent held of that id before, checks and maintenance included. */
  register(definition: ServiceDefinition, signal: AbortSignal): Promise<void>;
  /** Takes the instance out; that it is not there is success. */
  deregister(signal: AbortSignal): Promise<void>;
  /** The run that the agent holds of the id: `undefined` when it holds none, empty when others registered it. */
  runHeld(signal: AbortSignal): Promise<string | undefined>;
  /** Why the instance is in maintenance; `undefined` when it is not. */
  maintenance(signal: AbortSignal): Promise<string | undefined>;
  beginMaintenance(reason: string, signal: AbortSignal): Promise<void>;
  /** A sign of life. Rejects with `lost` when the agent does not know the check. */
  beat(checkId: string, signal: AbortSignal): Promise<void>;
  /** The error for an agent that no longer holds the instance, or of which `cause` kept us from learning it. */
  lost(cause?: unknown): RegistryError;
}

/** The calls for the instance that the agent knows as `serviceId`. */
export function createAgent(
  client: ConsulClient,
  { service, id, serviceId }: { readonly service: string; readonly id: string; readonly serviceId: string },
): Agent {
  const { registry } = client;
  const purpose = (verb: string): RequestPurpose => ({
    action: `${verb} "${id}"`,
    grant: `service "${service}" { policy = "write" } and agent_prefix "" { policy = "read" }`,
  });
  const ask = (verb: string, request: Omit<ConsulRequest, keyof RequestPurpose>): Promise<ConsulAnswer> =>
    client.request({ ...purpose(verb), ...request });
  const lost = (cause?: unknown): RegistryError => {
    const reason =
      cause === undefined ? `its agent no longer holds instance "${id}" of service "${service}"` : String(cause);
    return registryError("DISCOVERY_UNAVAILABLE", { registry, action: "keep the registration", reason }, { cause });
  };

  return {
    lost,
    async self(signal) {
      const answer = await ask("register", { path: ["agent", "self"], signal });
      const { Config, Member } = answer.json() as {
        readonly Config: { readonly NodeID?: string; readonly NodeName: string };
        readonly Member: { readonly Addr: string };
      };
      return { node: Config.NodeID || Config.NodeName, address: Member.Addr };
    },
    async register(definition, signal) {
      const query = { "replace-existing-checks": "true" };
      await ask("register", { method: "PUT", path: ["agent", "service", "register"], query, body: definition, signal });
    },
    async deregister(signal) {
      const path = ["agent", "service", "deregister", serviceId];
      try {
        await ask("deregister", { method: "PUT", path, accept: [404], signal });
      } catch (error) {
        // So do some versions answer for an id that they do not know.
        if (!/unknown service/i.test((error as Error).message)) throw error;
      }
    },
    async runHeld(signal) {
      const answer = await ask("look for", { path: ["agent", "service", serviceId], accept: [404], signal });
      if (answer.status === 404) return undefined;
      const { Meta } = answer.json() as { readonly Meta?: Readonly<Record<string, string>> | null };
      return Meta?.[`${ownPrefix}run`] ?? "";
    },
    async maintenance(signal) {
      const query = { filter: `ServiceID == "${serviceId}"` };
      const answer = await ask("look for", { path: ["agent", "checks"], query, signal });
      const checks = Object.values(answer.json() as Readonly<Record<string, HealthCheck>>);
      return checks.find(isMaintenance)?.Notes;
    },
    async beginMaintenance(reason, signal) {
      const path = ["agent", "service", "maintenance", serviceId];
      await ask("drain", { method: "PUT", path, query: { enable: "true", reason }, accept: [404], signal });
    },
    async beat(checkId, signal) {
      const path = ["agent", "check", "update", checkId];
      const body = { Status: "passing", Output: "" };
      try {
        const answer = await ask("keep", { method: "PUT", path, body, accept: [404], signal });
        if (answer.status === 404) throw lost();
      } catch (error) {
        // So do older agents answer for a check that they do not know.
        if (/does not have associated TTL|unknown check/i.test((error as Error).message)) throw lost();
        throw error;
      }
    },
  };
}
