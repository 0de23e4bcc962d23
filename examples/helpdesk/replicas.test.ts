import { setImmediate as turn } from "node:timers/promises";
import type { ServiceInstance, ServiceRegistry } from "@plinth/discovery";
import { type DiscoveryDispatcher, discoveryDispatcher } from "@plinth/discovery/http";
import { createConsulRegistry } from "@plinth/discovery-consul";
import { type ConsulAgent, findConsul, startConsulAgent } from "@plinth/testing/consul";
import { startPostgres, type TestPostgres } from "@plinth/testing/postgres";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { client } from "./client.fixture.ts";
import { type HelpdeskProcess, startHelpdesk } from "./helpdesk.fixture.ts";
import { type Load, startLoad } from "./load.fixture.ts";

const found = await findConsul();
const missing = "missing" in found ? found.missing : undefined;
if (missing !== undefined) console.warn(`Skipped, for there is no Consul: ${missing}`);
const binary = "path" in found ? found.path : "";

/** Nothing here is about time: a slow machine needs longer. */
const patiently = { timeout: 60_000, interval: 50 };
vi.setConfig({ testTimeout: 120_000 });

describe.skipIf(missing !== undefined)("three replicas on PostgreSQL, Consul, and a client that never pauses", () => {
  let postgres: TestPostgres;
  let agent: ConsulAgent;
  let registry: ServiceRegistry;
  let dispatcher: DiscoveryDispatcher;
  let load: Load;
  let settings: Record<string, string>;
  const running = new Map<string, HelpdeskProcess>();
  /** Requests by the port of the replica that was picked for them. */
  const picked = new Map<string, number>();

  async function start(): Promise<HelpdeskProcess> {
    const replica = await startHelpdesk(settings);
    running.set(portOf(replica), replica);
    return replica;
  }

  function gone(replica: HelpdeskProcess): void {
    running.delete(portOf(replica));
  }

  /** The ports of the instances in a state, as the registry has them. */
  async function ports(state: ServiceInstance["state"] = "up"): Promise<string[]> {
    const { instances } = await registry.resolve({ service: "helpdesk" });
    return instances.filter((one) => one.state === state).map(({ endpoints }) => String(endpoints[0]?.port));
  }

  /** Waits until the registry has exactly the replicas that run. */
  const allAreUp = () =>
    vi.waitFor(async () => expect((await ports()).sort()).toEqual([...running.keys()].sort()), patiently);

  /** Waits until so many more requests have ended. */
  async function requests(count: number): Promise<void> {
    const before = load.ended;
    await expect.poll(() => load.ended - before, patiently).toBeGreaterThan(count);
  }

  beforeAll(async () => {
    [postgres, agent] = await Promise.all([startPostgres(), startConsulAgent({ binary })]);
    settings = {
      PLATFORM_DATABASE__URL: (await postgres.createDatabase()).url,
      PLATFORM_DISCOVERY__DRIVER: "consul",
      PLATFORM_DISCOVERY__CONSUL__ADDRESS: agent.url,
      PLATFORM_DISCOVERY__CONSUL__TTL: "3s",
    };
    const [first] = await Promise.all([start(), start()]);
    const credentials = { email: "demo@helpdesk.example", password: "try-the-helpdesk" };
    const { body } = await client(first.url).post("/identity/sessions", credentials);
    registry = createConsulRegistry({ url: agent.url });
    dispatcher = discoveryDispatcher(registry, {
      observer: {
        picked(_, { endpoints }) {
          const port = String(endpoints[0]?.port);
          picked.set(port, (picked.get(port) ?? 0) + 1);
        },
      },
    });
    await allAreUp();
    load = startLoad(dispatcher, body.token);
  }, 120_000);

  afterAll(async () => {
    await load?.stop();
    await dispatcher?.close();
    await registry?.[Symbol.asyncDispose]();
    await Promise.all([...running.values()].map((replica) => replica[Symbol.asyncDispose]()));
    await agent?.stop();
    await postgres?.stop();
  });

  it("a replica that is started gets its share, and no request fails", async () => {
    const third = await start();
    await allAreUp();
    await expect.poll(() => picked.get(portOf(third)) ?? 0, patiently).toBeGreaterThan(50);
    expect(load.failures).toEqual([]);
  });

  it("a replica that is stopped with SIGTERM takes leave, and no request fails", async () => {
    const [leaving] = [...running.values()];
    if (leaving === undefined) throw new Error("nobody runs");
    leaving.signal("SIGTERM");
    await expect.poll(() => ports("draining"), patiently).toEqual([portOf(leaving)]);
    expect((await client(leaving.url).get("/readyz")).status).toBe(503);
    expect(await leaving.exitCode).toBe(0);
    gone(leaving);
    await allAreUp();
    await requests(100);
    expect(load.failures).toEqual([]);
  });

  it("of a replica that is killed, at most the requests in flight fail", async () => {
    const [killed] = [...running.values()];
    if (killed === undefined) throw new Error("nobody runs");
    const first = Math.min(...load.inFlight(), load.started + 1);
    killed.signal("SIGKILL");
    await killed.exitCode;
    // Its connections have been closed, and that is known here too.
    await turn();
    await turn();
    const last = load.started;
    gone(killed);
    await requests(200);
    for (const { request, what } of load.failures) {
      expect(request, what).toBeGreaterThanOrEqual(first);
      expect(request, what).toBeLessThanOrEqual(last);
      // What may be sent twice was.
      expect(what).toMatch(/^POST/);
    }
    expect(load.failures.length).toBeLessThanOrEqual(8);
    await allAreUp();
  });

  it("an agent that comes back empty has all replicas again, untouched, and no request fails", async () => {
    await Promise.all([start(), start()]);
    await allAreUp();
    const failed = load.failures.length;
    const status = async () => (await registry.resolve({ service: "helpdesk" })).status;
    await agent.kill();
    const replicas = [...running.values()];
    await expect
      .poll(
        () => Promise.all(replicas.map(async ({ url }) => (await client(url).get("/readyz")).body.warnings)),
        patiently,
      )
      .toEqual(replicas.map(() => expect.arrayContaining([expect.objectContaining({ name: "discovery" })])));
    await expect.poll(status, patiently).toBe("stale");
    await requests(100);
    agent = await startConsulAgent({ binary, httpPort: agent.httpPort });
    await expect.poll(status, patiently).toBe("live");
    await allAreUp();
    await requests(100);
    expect(running.size).toBe(3);
    expect(load.failures.slice(failed)).toEqual([]);
  });
});

function portOf({ url }: HelpdeskProcess): string {
  return new URL(url).port;
}
