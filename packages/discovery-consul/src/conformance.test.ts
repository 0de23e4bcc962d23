import { type ConsulAgent, findConsul, startConsulAgent } from "@plinth/testing/consul";
import { type ConformanceAdapter, registryConformance } from "@plinth/testing/discovery";
import { afterAll, beforeAll, describe, it } from "vitest";
import { createConsulRegistry } from "./consul-registry.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.fixture.ts";

const consul = await findConsul();
if ("missing" in consul) console.warn(`Skipped: ${consul.missing}`);

describe.skipIf("missing" in consul)("the registry on Consul keeps the laws of the port", () => {
  let agent: ConsulAgent;
  let proxy: FaultProxy;

  beforeAll(async () => {
    if ("missing" in consul) return;
    agent = await startConsulAgent({ binary: consul.path });
    proxy = await startFaultProxy(agent.url);
  });
  afterAll(async () => {
    await proxy?.stop();
    await agent?.stop();
  });

  const adapter: ConformanceAdapter = {
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
      if ("missing" in consul) return;
      await agent.kill();
      agent = await startConsulAgent({ binary: consul.path, httpPort: agent.httpPort });
    },
    settleMs: 10_000,
  };

  for (const law of registryConformance(adapter)) it.skipIf(law.skip !== undefined)(law.name, law.run);
});
