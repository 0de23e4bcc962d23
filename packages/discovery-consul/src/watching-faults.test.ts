import type { ServiceWatcher } from "@plinth/discovery";
import { Pool } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SeenRequest } from "./fault-proxy.fixture.ts";
import { eventually, missing, type Stage, setStage, specOf } from "./real-agent.fixture.ts";

const never = { minMs: 3_600_000, maxMs: 3_600_000 };

describe.skipIf(missing !== undefined)("a watch on a real agent", () => {
  let stage: Stage;
  let services = 0;

  beforeAll(async () => {
    if (missing === undefined) stage = await setStage();
  });
  afterEach(() => {
    if (stage === undefined) return;
    stage.proxy.answer = undefined;
    stage.proxy.rewrite = undefined;
    stage.proxy.speak();
  });
  afterAll(() => stage?.stop());

  /** A name that no other test has, and a watch of it that shows one instance. */
  async function watched(options: Parameters<Stage["connect"]>[0] = {}) {
    services += 1;
    const service = `users-${services}`;
    const registration = await stage.connect({ heartbeatTtlMs: 60_000 }).register(specOf(service));
    const registry = stage.connect(options);
    const watcher = registry.watch({ service });
    await showing(watcher, 1);
    const health = (request: SeenRequest): boolean => request.path.startsWith(`/v1/health/service/${service}`);
    return { service, registration, registry, watcher, health };
  }

  const showing = (watcher: ServiceWatcher, count: number) =>
    eventually(`${count} instances`, () => watcher.current?.instances.length === count && watcher.current);
  const stale = (watcher: ServiceWatcher, code: string) =>
    eventually(
      `stale by ${code}`,
      () => watcher.current?.status === "stale" && watcher.current.lastError?.code === code,
    );
  const live = (watcher: ServiceWatcher) => eventually("live", () => watcher.current?.status === "live");

  it("waits for no time of its own where it is quiet: the question that stands brings the change", async () => {
    const { service, watcher, health } = await watched({ rate: { burst: 2, refillMs: 3_600_000 } });
    const waiting = await eventually("it waits", () => stage.proxy.seen.filter(health).at(-1)?.path.includes("index="));
    expect(waiting).toBe(true);
    await stage.connect().register(specOf(service, { id: "second" }));
    await showing(watcher, 2);
    const questions = new Set(stage.proxy.seen.filter(health).map(({ path }) => path));
    expect(questions.size).toBe(2);
  });

  it("is one for all watchers of a service in a process", async () => {
    const { service, registry, health } = await watched();
    const before = stage.proxy.seen.filter(health).length;
    const watchers = Array.from({ length: 50 }, () => registry.watch({ service }));
    expect(watchers.every(({ current }) => current?.instances.length === 1)).toBe(true);
    await registry.resolve({ service });
    expect(stage.proxy.seen.filter(health).length).toBe(before);
  });

  it("survives an index that goes backwards and then to 0, and asks a bounded number of times", async () => {
    const { service, watcher, health } = await watched();
    stage.proxy.rewrite = (headers, request) => {
      if (health(request)) headers["x-consul-index"] = request.path.includes("index=") ? "1" : "0";
    };
    await stage.connect().register(specOf(service, { id: "second" }));
    await showing(watcher, 2);
    const asked = stage.proxy.seen
      .filter(health)
      .map(({ path }) => new URL(path, "http://x").searchParams.get("index"));
    expect(asked.some((index) => index !== null && Number(index) < 1)).toBe(false);
    const began = performance.now();
    const before = stage.proxy.seen.filter(health).length;
    await eventually("twenty more questions", () => stage.proxy.seen.filter(health).length >= before + 20);
    expect(20).toBeLessThanOrEqual(2 + (performance.now() - began) / 50 + 2);
    expect(watcher.current?.status).toBe("live");
  });

  it.each([
    ["DISCOVERY_UNAVAILABLE", 500, "No cluster leader", { throttledBackoff: never, deniedBackoff: never }],
    ["DISCOVERY_UNAVAILABLE", 503, "Service Unavailable", { throttledBackoff: never, deniedBackoff: never }],
    [
      "DISCOVERY_THROTTLED",
      429,
      "Your IP is issuing too many concurrent connections",
      { backoff: never, deniedBackoff: never },
    ],
    ["DISCOVERY_DENIED", 403, "ACL not found", { backoff: never, throttledBackoff: never }],
  ])("keeps what it knows and says %s after a %i, and is back by itself", async (code, status, body, waits) => {
    const { watcher, registry, health } = await watched({ ...waits, waitMs: 200 });
    stage.proxy.answer = (request) => (health(request) ? { status, body } : undefined);
    await stale(watcher, code);
    expect(watcher.current?.instances).toHaveLength(1);
    expect(watcher.current?.lastError?.message).toContain(body);
    expect(registry.health().status).toBe("warn");
    stage.proxy.answer = undefined;
    await live(watcher);
    expect(registry.health()).toEqual({ status: "pass", messages: [] });
  });

  it("that is denied from the start rejects ready with the rule to grant, and shows once it is granted", async () => {
    const { service, health } = await watched();
    stage.proxy.answer = (request) => (health(request) ? { status: 403, body: "Permission denied" } : undefined);
    const watcher = stage.connect().watch({ service });
    await expect(watcher.ready).rejects.toMatchObject({
      code: "DISCOVERY_DENIED",
      message: `the registry at ${stage.proxy.url} refused to watch "${service}": Permission denied`,
      fix: `Grant what is missing: service "${service}" { policy = "read" } and node_prefix "" { policy = "read" }`,
    });
    stage.proxy.answer = undefined;
    await showing(watcher, 1);
  });

  it("ends at a filter that Consul cannot read, whatever status the agent gives it", async () => {
    const { service } = await watched();
    const watcher = stage.connect({ filter: "nonsense" }).watch({ service });
    await expect(watcher.ready).rejects.toMatchObject({ code: "DISCOVERY_INVALID" });
    await expect(watcher[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "DISCOVERY_INVALID" });
  });

  it("is narrowed by the filter of the options", async () => {
    const { service, registration } = await watched();
    await stage.connect().register(specOf(service, { id: "blue", metadata: { colour: "blue" } }));
    const { instances } = await eventually("one of two", async () => {
      const found = await stage.connect({ filter: 'Service.Meta.colour == "blue"' }).resolve({ service });
      return found.instances.length === 1 && found;
    });
    expect(instances[0]?.id).not.toBe(registration.id);
  });

  it("leaves a half-open socket behind at its deadline", async () => {
    const { service, watcher, registry } = await watched({ waitMs: 300, requestTimeoutMs: 300 });
    stage.proxy.silence();
    await stale(watcher, "DISCOVERY_TIMEOUT");
    expect(watcher.current?.lastError?.message).toMatch(/did not watch "users-\d+" within (300|618\.75) ms/);
    expect((await registry.resolve({ service })).status).toBe("stale");
    await expect(registry.resolve({ service }, { maxStaleMs: 0 })).rejects.toMatchObject({ code: "DISCOVERY_STALE" });
    stage.proxy.speak();
    await live(watcher);
  });

  it("takes an answer that is no list of instances for a fault, not for an empty service", async () => {
    const { watcher, health } = await watched({ waitMs: 200 });
    stage.proxy.answer = (request) => (health(request) ? { status: 200, body: "<html>sign in</html>" } : undefined);
    await stale(watcher, "DISCOVERY_UNAVAILABLE");
    stage.proxy.answer = (request) => (health(request) ? { status: 200, body: "{}" } : undefined);
    await eventually("another reason", () => watcher.current?.lastError?.message.includes("no list of instances"));
    expect(watcher.current?.instances).toHaveLength(1);
  });

  it("emits the empty list when a service is scaled to zero", async () => {
    const { watcher, registration } = await watched();
    const seen: number[] = [];
    const iterating = (async () => {
      for await (const { instances } of watcher) {
        seen.push(instances.length);
        if (instances.length === 0) return;
      }
    })();
    await registration.deregister();
    await iterating;
    expect(seen.at(-1)).toBe(0);
    expect(watcher.current?.status).toBe("live");
  });

  it("stays bounded under a storm of changes and ends at the last state", async () => {
    const { service, watcher, health } = await watched({ rate: { burst: 2, refillMs: 500 } });
    const total = 6_000;
    const pool = new Pool(stage.agent.url, { connections: 16 });
    const write = async (step: number): Promise<void> => {
      const Service = { ID: "storm", Service: service, Port: 1, Meta: { step: String(step) } };
      const body = JSON.stringify({ Node: "storm", Address: "192.0.2.9", Service });
      const answer = await pool.request({ method: "PUT", path: "/v1/catalog/register", body });
      await answer.body.dump();
    };
    const before = stage.proxy.seen.filter(health).length;
    const began = performance.now();
    let next = 0;
    const writers = Array.from({ length: 16 }, async () => {
      while (next < total) {
        next += 1;
        await write(next);
      }
    });
    await Promise.all(writers);
    await write(total + 1);
    await pool.close();
    const seconds = (performance.now() - began) / 1_000;
    const asked = stage.proxy.seen.filter(health).length - before;
    console.info(`${total} changes in ${seconds.toFixed(2)} s: ${asked} requests at 2, then 2 a second`);
    expect(asked).toBeLessThanOrEqual(2 + seconds / 0.5 + 1);
    await eventually("the last step shows", () =>
      watcher.current?.instances.some(({ metadata }) => metadata.step === String(total + 1)),
    );
  });

  it("lists the services by name", async () => {
    const { service, registry } = await watched();
    const names = await registry.services();
    expect(names).toContain(service);
    expect(names).toEqual([...names].sort());
  });
});
