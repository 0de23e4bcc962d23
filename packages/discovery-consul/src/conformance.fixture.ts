import { type ConsulAgent, startConsulAgent } from "@plinth/testing/consul";
import type { ConformanceAdapter } from "@plinth/testing/discovery";
import { createConsulRegistry } from "./consul-registry.ts";
import { startFaultProxy } from "./fault-proxy.fixture.ts";

/** The registry on a real agent behind a proxy, as the conformance suite asks for it. */
export interface ConsulUnderTest extends AsyncDisposable {
  readonly adapter: ConformanceAdapter;
}

/** Starts an agent of the program at `binary`; disposing ends it. */
export async function startConsulUnderTest(binary: string): Promise<ConsulUnderTest> {
  let agent: ConsulAgent = await startConsulAgent({ binary });
  const proxy = await startFaultProxy(agent.url);
  return {
    adapter: {
      name: "Consul",
      connect: async () =>
        createConsulRegistry({
          url: proxy.url,
          rate: { burst: 2, refillMs: 50 },
          backoff: { minMs: 20, maxMs: 100 },
          heartbeatTtlMs: 900,
          lookEveryMs: 500,
          resolveTimeoutMs: 1_000,
        }),
      interrupt: () => proxy.refuse(),
      async wipe() {
        await agent.kill();
        agent = await startConsulAgent({ binary, httpPort: agent.httpPort });
      },
      settleMs: 10_000,
    },
    async [Symbol.asyncDispose]() {
      await proxy.stop();
      await agent.stop();
    },
  };
}
