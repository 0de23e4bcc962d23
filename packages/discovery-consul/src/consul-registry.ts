import {
  abortedError,
  createRegistrationBook,
  createWatchHub,
  RegistrationKeeper,
  registryHealth,
  type ServiceRegistry,
} from "@plinth/discovery";
import { createConsulClient } from "./client/consul-client.ts";
import { type ConsulOptions, checkOptions } from "./consul-options.ts";
import { openHealthWatches } from "./reading/health-watch.ts";
import { createAgentCalls } from "./registering/agent-calls.ts";
import { serviceIdOf } from "./registering/service-definition.ts";

/**
 * A registry on the Consul agent of this machine. Nothing is asked before it is used; an agent that is
 * away is no error here.
 *
 * @throws RegistryError `DISCOVERY_INVALID` for options that cannot be.
 */
export function createConsulRegistry(options: ConsulOptions = {}): ServiceRegistry {
  const checked = checkOptions(options);
  const client = createConsulClient(checked);
  const { registry } = client;
  const { clock, backoff, lingerMs, resolveTimeoutMs } = checked;
  const timing = { ...(clock === undefined ? {} : { clock }), ...(backoff === undefined ? {} : { backoff }) };

  const hub = createWatchHub({
    open: openHealthWatches(client, checked),
    registry,
    ...timing,
    ...(lingerMs === undefined ? {} : { lingerMs }),
    ...(resolveTimeoutMs === undefined ? {} : { resolveTimeoutMs }),
  });
  const book = createRegistrationBook((spec, onEnd) => {
    const calls = createAgentCalls(client, checked, spec, (error) => keeper.lost(error));
    // The node is known only once the agent has answered.
    const keeper = new RegistrationKeeper({ checked: spec, calls, id: serviceIdOf(spec), registry, onEnd, ...timing });
    return keeper;
  });
  const closing = new AbortController();

  return {
    register: book.register,
    watch: hub.watch,
    resolve: hub.resolve,
    async services({ signal } = {}) {
      const action = "list services";
      const ends = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
      if (ends.aborted) throw abortedError(action, ends);
      const answer = await client.request({
        action,
        grant: 'service_prefix "" { policy = "read" } and node_prefix "" { policy = "read" }',
        path: ["catalog", "services"],
        query: {
          dc: checked.datacenter,
          ...(checked.reads === "default" ? {} : { [checked.reads]: "" }),
        },
        signal: ends,
      });
      return Object.keys(answer.json() ?? {}).sort();
    },
    health: () => registryHealth(hub, book),
    async [Symbol.asyncDispose]() {
      closing.abort(new Error("the registry was closed"));
      try {
        await book[Symbol.asyncDispose]();
      } finally {
        await hub[Symbol.asyncDispose]();
        await client.close();
      }
    },
  };
}
