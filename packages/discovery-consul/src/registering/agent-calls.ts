import {
  type CheckedRegistration,
  type DesiredRegistration,
  isRegistryError,
  pause,
  type RegistrationCalls,
  type RegistryError,
  registryError,
} from "@plinth/discovery";
import { systemClock } from "@plinth/module";
import type { ConsulClient } from "../client/consul-client.ts";
import type { CheckedConsulOptions } from "../consul-options.ts";
import { instanceId } from "../reading/decode-instance.ts";
import { drainReason } from "../reading/instance-state.ts";
import { type AgentIdentity, createAgent } from "./agent.ts";
import { abortLater } from "./answered-signal.ts";
import { defineChecks } from "./check-definitions.ts";
import { keepAlive } from "./keep-alive.ts";
import { defineService, serviceIdOf } from "./service-definition.ts";

const answerGraceMs = 2_000;
const lateArrivalMs = 500;

/** The calls by which one instance is kept at the agent of this machine. */
export function createAgentCalls(
  client: ConsulClient,
  options: CheckedConsulOptions,
  checked: CheckedRegistration,
  onLost: (error: RegistryError) => void,
): RegistrationCalls {
  const { clock = systemClock } = options;
  const serviceId = serviceIdOf(checked);
  const run = crypto.randomUUID().slice(0, 8);
  const agent = createAgent(client, { ...checked, serviceId });
  let registeredOnce = false;
  let identity: AgentIdentity | undefined;
  // A register was sent and its answer never came: it may still arrive.
  let mayArrive = false;
  let rest: () => Promise<void> = async () => {};

  const replaced = (): RegistryError =>
    registryError("DISCOVERY_REPLACED", { id: checked.id, service: checked.service, registry: client.registry });

  /** Whether the agent holds this process's instance; rejects when it holds another process's. */
  async function holdsOurs(signal: AbortSignal): Promise<boolean> {
    const held = await agent.runHeld(signal);
    if (held !== undefined && held !== run) throw replaced();
    return held === run;
  }

  async function register(desired: DesiredRegistration, signal: AbortSignal): Promise<void> {
    // The first time it takes the place of whatever an earlier process left, maintenance included.
    const known = registeredOnce && (await holdsOurs(signal));
    if (!known || identity === undefined) identity = await agent.self(signal);
    const maintenance = known ? await agent.maintenance(signal) : undefined;
    const { address } = identity;
    const { heartbeatTtlMs, deregisterAfterMs } = options;
    const settings = { serviceId, run, address, heartbeatTtlMs, deregisterAfterMs, maintenance };
    const { checks, heartbeat } = defineChecks(desired, settings);
    const definition = defineService(desired, run, checks);
    const token = client.tokenVersion;
    if (signal.aborted) throw signal.reason;
    const answered = abortLater(signal, answerGraceMs, clock);
    try {
      await agent.register(definition, answered.signal);
      mayArrive = false;
    } catch (error) {
      mayArrive = !wasAnswered(error);
      throw error;
    } finally {
      answered.done();
    }
    registeredOnce = true;
    await rest();
    // The first beat comes at once: the agent keeps the last status of a check that it knows, also an expired one.
    rest = keepAlive({
      beat:
        heartbeat === undefined
          ? undefined
          : { everyMs: heartbeat.ttlMs / 3, send: (ends) => agent.beat(heartbeat.checkId, ends) },
      look: { everyMs: options.lookEveryMs, ask: (ends) => look(token, ends) },
      onLost: (error) => onLost(isRegistryError(error) ? error : agent.lost(error)),
      clock,
    });
  }

  async function look(token: number, signal: AbortSignal): Promise<void> {
    // The agent writes to the catalogue with the token of the registration, so that a new one must reach it.
    if (!(await holdsOurs(signal)) || client.tokenVersion !== token) throw agent.lost();
  }

  return {
    async apply(desired, signal) {
      if (desired.state !== "draining") await register(desired, signal);
      // What is not there, or is another process's by now, gets no requests for this one.
      else if ((await agent.runHeld(signal)) === run) await agent.beginMaintenance(drainReason, signal);
      identity ??= await agent.self(signal);
      return instanceId(identity.node, serviceId);
    },
    async remove(signal) {
      await rest();
      if (await removeOurs(signal)) return;
      if (!mayArrive) return;
      await pause(clock, lateArrivalMs, signal);
      await removeOurs(signal);
    },
  };

  async function removeOurs(signal: AbortSignal): Promise<boolean> {
    if ((await agent.runHeld(signal)) !== run) return false;
    await agent.deregister(signal);
    return true;
  }
}

/** Whether the agent has answered, if only to refuse: what it was asked is not under way any more. */
function wasAnswered(error: unknown): boolean {
  return isRegistryError(error) && error.cause === undefined && !unanswered.has(error.code);
}

const unanswered: ReadonlySet<string> = new Set(["DISCOVERY_TIMEOUT", "DISCOVERY_ABORTED"]);
