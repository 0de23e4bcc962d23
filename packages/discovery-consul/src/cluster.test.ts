import type { ServiceRegistry, Snapshot } from "@plinth/discovery";
import { type ConsulAgent, type ConsulCluster, startConsulCluster } from "@plinth/testing/consul";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createConsulRegistry } from "./consul-registry.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.fixture.ts";
import { binary, eventually, missing, quick, specOf } from "./real-agent.fixture.ts";

describe.skipIf(missing !== undefined)("three Consul servers", () => {
  let cluster: ConsulCluster;
  const registries: ServiceRegistry[] = [];
  const proxies: FaultProxy[] = [];

  beforeAll(async () => {
    if (missing === undefined) cluster = await startConsulCluster({ binary });
  });
  afterAll(async () => {
    await Promise.allSettled(registries.map((registry) => registry[Symbol.asyncDispose]()));
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    await cluster?.stop();
  });

  const at = (url: string): ServiceRegistry => {
    const registry = createConsulRegistry({ url, ...quick, waitMs: 500 });
    registries.push(registry);
    return registry;
  };
  const leader = (): Promise<ConsulAgent> => eventually("a leader", () => cluster.leader(), 30_000);

  it("hold one id on two nodes as two instances", async () => {
    const [one, two, three] = cluster.servers as [ConsulAgent, ConsulAgent, ConsulAgent];
    const first = await at(one.url).register(specOf("twins", { id: "same", weight: 1 }));
    const second = await at(two.url).register(specOf("twins", { id: "same", weight: 2 }));
    const watcher = at(three.url).watch({ service: "twins" });
    await eventually("both show", () => watcher.current?.instances.length === 2);
    const ids = watcher.current?.instances.map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set([first.id, second.id]));
    expect(first.id).not.toBe(second.id);
    await first.deregister();
    await eventually("the other one is left", () => watcher.current?.instances.length === 1);
    expect(watcher.current?.instances[0]).toMatchObject({ id: second.id, weight: 2, locality: { node: two.node } });
    await second.deregister();
  });

  it("that lose their leader and elect another one show no gap, and what changed meanwhile", async () => {
    const lost = await leader();
    const [witness, other] = cluster.servers.filter((server) => server !== lost) as [ConsulAgent, ConsulAgent];
    const registration = await at(witness.url).register(specOf("users", { id: "steady" }));
    const proxy = await startFaultProxy(other.url);
    proxies.push(proxy);
    const watcher = at(proxy.url).watch({ service: "users" });
    await eventually("it shows", () => watcher.current?.instances.length === 1);
    const seen: Snapshot[] = [];
    const iterating = (async () => {
      for await (const snapshot of watcher) seen.push(snapshot);
    })();
    const before = proxy.seen.length;
    const began = performance.now();
    await lost.kill();
    await registration.update({ weight: 7 });
    await leader();
    await eventually(
      "the change shows",
      () => watcher.current?.status === "live" && watcher.current.instances[0]?.weight === 7,
    );
    const asked = proxy.seen.length - before;
    // Two at once, one each 50 ms at most.
    expect(asked).toBeLessThanOrEqual(2 + (performance.now() - began) / 50 + 1);
    await watcher[Symbol.asyncDispose]();
    await iterating;
    expect(seen.every(({ instances }) => instances.length === 1)).toBe(true);
    await cluster.revive(lost);
    await registration.deregister();
  });

  it("without a majority leave the last known as stale, and are live again when it is back", async () => {
    await leader();
    const [witness, ...others] = cluster.servers as [ConsulAgent, ConsulAgent, ConsulAgent];
    const registration = await at(witness.url).register(specOf("orders", { id: "steady" }));
    const registry = at(witness.url);
    const watcher = registry.watch({ service: "orders" });
    await eventually("it shows", () => watcher.current?.instances.length === 1);
    await Promise.all(others.map((server) => server.kill()));
    const stale = await eventually("it is stale", () => watcher.current?.status === "stale" && watcher.current);
    expect(stale.instances).toHaveLength(1);
    expect(["DISCOVERY_BEHIND", "DISCOVERY_UNAVAILABLE"]).toContain(stale.lastError?.code);
    expect(registration.state).toBe("registered");
    await Promise.all(others.map((server) => cluster.revive(server)));
    await leader();
    await eventually("it is live", () => watcher.current?.status === "live");
    expect(watcher.current?.instances).toHaveLength(1);
    await registration.deregister();
    await eventually("none is left", () => watcher.current?.instances.length === 0);
  });

  it("take the instances of a node that is gone for down", async () => {
    const last = await leader();
    const [witness, victim] = cluster.servers.filter((server) => server !== last) as [ConsulAgent, ConsulAgent];
    await at(victim.url).register(specOf("reports", { id: "far", checks: [{ type: "heartbeat", ttlMs: 600_000 }] }));
    const watcher = at(witness.url).watch({ service: "reports" });
    await eventually("it is up", () => watcher.current?.instances[0]?.state === "up");
    await victim.kill();
    await eventually("it is down", () => watcher.current?.instances[0]?.state === "down", 25_000);
  });
});
