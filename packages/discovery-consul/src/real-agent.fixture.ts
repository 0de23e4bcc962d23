import type { RegistrationSpec, ServiceRegistry } from "@plinth/discovery";
import { type ConsulAgent, findConsul, startConsulAgent } from "@plinth/testing/consul";
import type { ConsulOptions } from "./consul-options.ts";
import { createConsulRegistry } from "./consul-registry.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.fixture.ts";

const found = await findConsul();

/** Why there is no Consul to test on; `undefined` where there is one. */
export const missing = "missing" in found ? found.missing : undefined;
if (missing !== undefined) console.warn(`Skipped, for there is no Consul: ${missing}`);

/** The program; only to be used where `missing` is `undefined`. */
export const binary = "path" in found ? found.path : "";

/** Waits short enough for a test, that real ones differ from in length only. */
export const quick: ConsulOptions = {
  rate: { burst: 2, refillMs: 50 },
  backoff: { minMs: 20, maxMs: 200 },
  throttledBackoff: { minMs: 20, maxMs: 200 },
  deniedBackoff: { minMs: 20, maxMs: 200 },
  heartbeatTtlMs: 900,
  lookEveryMs: 300,
  resolveTimeoutMs: 1_000,
};

/** An agent, the proxy in front of it, and registries on it; `stop` ends all of it. */
export interface Stage {
  readonly agent: ConsulAgent;
  readonly proxy: FaultProxy;
  /** A registry that goes through the proxy. */
  connect(options?: ConsulOptions): ServiceRegistry;
  /** Ends what stands, in the order that it needs. */
  stop(): Promise<void>;
  /** Kills the agent and starts another one at its address, which knows nothing. */
  restartEmpty(): Promise<void>;
  /** Asks the agent itself, past the proxy. */
  ask(path: string, init?: RequestInit): Promise<unknown>;
}

/** Sets the stage. */
export async function setStage(config?: string, token?: string): Promise<Stage> {
  const settings = {
    binary,
    ...(config === undefined ? {} : { config }),
    ...(token === undefined ? {} : { token }),
  };
  let agent = await startConsulAgent(settings);
  const proxy = await startFaultProxy(agent.url);
  const registries: ServiceRegistry[] = [];
  return {
    get agent() {
      return agent;
    },
    proxy,
    connect(options) {
      const registry = createConsulRegistry({ url: proxy.url, ...quick, ...options });
      registries.push(registry);
      return registry;
    },
    async stop() {
      proxy.answer = undefined;
      proxy.speak();
      await Promise.allSettled(registries.map((registry) => registry[Symbol.asyncDispose]()));
      await proxy.stop();
      await agent.stop();
    },
    async restartEmpty() {
      await agent.kill();
      agent = await startConsulAgent({ ...settings, httpPort: agent.httpPort });
    },
    async ask(path, init) {
      const response = await fetch(`${agent.url}/v1/${path}`, init);
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
  };
}

/** A registration that is complete. */
export function specOf(service: string, change: Partial<RegistrationSpec> = {}): RegistrationSpec {
  return { service, endpoints: [{ name: "http", protocol: "http", host: "192.0.2.1", port: 8080 }], ...change };
}

/** Asks until `probe` gives something else than `undefined` or `false`; fails after a generous time. */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  limitMs = 15_000,
): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + limitMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
