import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { InstanceState, ServiceWatcher } from "@plinth/discovery";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually, missing, type Stage, setStage, specOf } from "./real-agent.fixture.ts";

type CheckView = {
  readonly CheckID: string;
  readonly Status: string;
  readonly Type: string;
  readonly ServiceID: string;
};

describe.skipIf(missing !== undefined)("a registration at a real agent", () => {
  let stage: Stage;
  let services = 0;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    if (missing === undefined) stage = await setStage();
  });
  afterEach(() => {
    if (stage === undefined) return;
    stage.proxy.answer = undefined;
    stage.proxy.loseAnswers = false;
    stage.proxy.speak();
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await stage?.stop();
  });

  const name = (): string => {
    services += 1;
    return `tickets-${services}`;
  };
  const state = (watcher: ServiceWatcher, wanted: InstanceState, id = "") =>
    eventually(`the state ${wanted}`, () =>
      watcher.current?.instances.find((instance) => instance.id.endsWith(id) && instance.state === wanted),
    );
  const gone = (watcher: ServiceWatcher) => eventually("none is left", () => watcher.current?.instances.length === 0);
  const heldBy = async (service: string): Promise<readonly string[]> => {
    const held = (await stage.ask("agent/services")) as Record<
      string,
      { readonly Service: string; readonly ID: string }
    >;
    return Object.values(held).flatMap(({ Service, ID }) => (Service === service ? [ID] : []));
  };
  const checksOf = async (service: string): Promise<readonly CheckView[]> => {
    const checks = (await stage.ask("agent/checks")) as Record<string, CheckView>;
    return Object.values(checks).filter(({ ServiceID }) => ServiceID.startsWith(`${service}:`));
  };

  const registersLogged = (): number => stage.agent.log.split("url=/v1/agent/service/register").length;

  it("comes back by itself after the agent was killed and started empty, and watchers see it", async () => {
    const service = name();
    const registry = stage.connect();
    const registrations = await Promise.all(["a", "b", "c"].map((id) => registry.register(specOf(service, { id }))));
    const watcher = stage.connect().watch({ service });
    await eventually("three show", () => watcher.current?.instances.length === 3);
    await stage.restartEmpty();
    await eventually("three are held again", async () => (await heldBy(service)).length === 3);
    await eventually("three show again", () => {
      const { instances = [], status } = watcher.current ?? {};
      return status === "live" && instances.length === 3 && instances.every(({ state: one }) => one === "up");
    });
    await eventually("they know it", () => registrations.every((one) => one.state === "registered"));
    const ids = new Set(watcher.current?.instances.map(({ id }) => id));
    expect(new Set(registrations.map(({ id }) => id))).toEqual(ids);
  });

  it("comes back without a heartbeat too, by the periodic look", async () => {
    const service = name();
    const checks = [{ type: "http", endpoint: "http", path: "/", intervalMs: 60_000 } as const];
    await stage.connect().register(specOf(service, { id: "one", checks }));
    await stage.ask(`agent/service/deregister/${service}:one`, { method: "PUT" });
    await eventually("it is held again", async () => (await heldBy(service)).length === 1);
  });

  it("whose process is killed is down after its time to live", async () => {
    const service = name();
    const watcher = stage.connect().watch({ service });
    const child = await startInstance(service, "victim");
    await state(watcher, "up", "victim");
    child.kill("SIGKILL");
    await state(watcher, "down", "victim");
    expect(await checksOf(service)).toMatchObject([{ Status: "critical", Type: "ttl" }]);
  });

  it("whose process gets SIGTERM is draining first and then gone", async () => {
    const service = name();
    const watcher = stage.connect().watch({ service });
    const child = await startInstance(service, "leaver");
    await state(watcher, "up", "leaver");
    child.kill("SIGTERM");
    await state(watcher, "draining", "leaver");
    await gone(watcher);
    expect(await heldBy(service)).toEqual([]);
  });

  it.each(["agent/self", "agent/service/register"])("aborted while %s is under way leaves no orphan", async (path) => {
    const service = name();
    const controller = new AbortController();
    stage.proxy.answer = ({ path: asked }) => {
      // The agent gets the request all the same: only its answer is too late.
      if (asked.includes(path)) queueMicrotask(() => controller.abort());
      return undefined;
    };
    const registering = stage.connect().register(specOf(service), { signal: controller.signal });
    await expect(registering).rejects.toMatchObject({ code: "DISCOVERY_ABORTED" });
    expect(await heldBy(service)).toEqual([]);
  });

  it.each([
    ["the wait for its answer", 700, 5_000],
    ["a second look, when no answer came in time", 500, 300],
  ])(
    "aborted while its request is still on the way leaves no orphan, thanks to %s",
    async (_, delayMs, requestTimeoutMs) => {
      const service = name();
      const controller = new AbortController();
      stage.proxy.hold = ({ path }) => {
        if (!path.includes("service/register")) return undefined;
        queueMicrotask(() => controller.abort());
        return sleep(delayMs);
      };
      const before = registersLogged();
      const registering = stage.connect({ requestTimeoutMs }).register(specOf(service), { signal: controller.signal });
      await expect(registering).rejects.toMatchObject({ code: "DISCOVERY_ABORTED" });
      stage.proxy.hold = undefined;
      await eventually("it has arrived", () => registersLogged() > before);
      expect(await heldBy(service)).toEqual([]);
    },
  );

  it("aborted while the agent's answer is lost leaves no orphan", async () => {
    const service = name();
    const controller = new AbortController();
    let sent = false;
    stage.proxy.answer = ({ path }) => {
      if (path.includes("service/register")) {
        sent = true;
        // The request is passed on below; its answer is swallowed.
        stage.proxy.loseAnswers = true;
      } else stage.proxy.loseAnswers = false;
      return undefined;
    };
    const registering = stage
      .connect({ requestTimeoutMs: 700 })
      .register(specOf(service), { signal: controller.signal });
    await eventually("it was sent", () => sent);
    await eventually("the agent holds it", async () => (await heldBy(service)).length === 1);
    controller.abort();
    await expect(registering).rejects.toMatchObject({ code: "DISCOVERY_ABORTED" });
    expect(await heldBy(service)).toEqual([]);
  });

  it("is tried again from the first time on, while the agent answers 500, 429 and 403 in turn", async () => {
    const service = name();
    const statuses = [500, 429, 500, 503];
    stage.proxy.answer = ({ path }) => {
      const status = path.includes("service/register") ? statuses.shift() : undefined;
      return status === undefined ? undefined : { status, body: "not now" };
    };
    const registration = await stage.connect().register(specOf(service));
    expect(registration.state).toBe("degraded");
    expect(registration.lastError?.message).toContain("it answered 500: not now");
    await eventually("it is registered", () => registration.state === "registered");
    stage.proxy.answer = ({ path }) =>
      path.includes("check/update") ? { status: 403, body: "ACL not found" } : undefined;
    await eventually("it is denied", () => registration.lastError?.code === "DISCOVERY_DENIED");
    expect(registration.state).toBe("degraded");
    stage.proxy.answer = undefined;
    await eventually("it is registered again", () => registration.state === "registered");
  });

  it("that is refused says which rules it needs", async () => {
    stage.proxy.answer = ({ path }) =>
      path.includes("service/register") ? { status: 403, body: "Permission denied" } : undefined;
    await expect(stage.connect().register(specOf("orders", { id: "one" }))).rejects.toMatchObject({
      code: "DISCOVERY_DENIED",
      message: `the registry at ${stage.proxy.url} refused to register "one": Permission denied`,
      fix: 'Grant what is missing: service "orders" { policy = "write" } and agent_prefix "" { policy = "read" }',
    });
  });

  it("ends a maintenance that an earlier process left, and keeps one that somebody begins later", async () => {
    const service = name();
    await stage.connect().register(specOf(service, { id: "one" }));
    const maintenance = (enable: boolean) =>
      stage.ask(`agent/service/maintenance/${service}:one?enable=${enable}&reason=disk`, { method: "PUT" });
    await maintenance(true);
    const registration = await stage.connect().register(specOf(service, { id: "one" }));
    const watcher = stage.connect().watch({ service });
    await state(watcher, "up");
    await maintenance(true);
    await state(watcher, "down");
    await registration.update({ weight: 5 });
    await eventually("the update shows", () => watcher.current?.instances[0]?.weight === 5);
    expect(watcher.current?.instances[0]?.state).toBe("down");
    await maintenance(false);
    await state(watcher, "up");
  });

  it("gives way to a later process with its id, and has the id again when that one has gone", async () => {
    const service = name();
    const first = await stage.connect().register(specOf(service, { id: "one", weight: 1 }));
    const second = await stage.connect().register(specOf(service, { id: "one", weight: 2 }));
    await eventually("the first one knows", () => first.lastError?.code === "DISCOVERY_REPLACED");
    const watcher = stage.connect().watch({ service });
    await eventually("the second one shows", () => watcher.current?.instances[0]?.weight === 2);
    await second.deregister();
    await eventually("the first one is back", () => first.state === "registered");
    await eventually("the first one shows", () => watcher.current?.instances[0]?.weight === 1);
  });

  it("of which the id is another process's by now takes nothing out", async () => {
    const service = name();
    const first = await stage
      .connect({ heartbeatTtlMs: 60_000, lookEveryMs: 60_000 })
      .register(specOf(service, { id: "one" }));
    const second = await stage.connect().register(specOf(service, { id: "one" }));
    await first.drain({ graceMs: 0 });
    expect(await heldBy(service)).toEqual([`${service}:one`]);
    const watcher = stage.connect().watch({ service });
    await state(watcher, "up");
    expect(second.state).toBe("registered");
  });

  it("that Consul refuses for its form is invalid, and leaves nothing", async () => {
    const service = name();
    const metadata = { note: "ü".repeat(400) };
    await expect(stage.connect().register(specOf(service, { metadata }))).rejects.toMatchObject({
      code: "DISCOVERY_INVALID",
      message: expect.stringContaining("Consul answered 400: Invalid Service Meta"),
    });
    expect(await heldBy(service)).toEqual([]);
  });

  async function startInstance(service: string, id: string): Promise<ChildProcess> {
    const file = fileURLToPath(new URL("./instance.fixture.ts", import.meta.url));
    const child = spawn(process.execPath, ["--conditions=plinth-source", file, stage.agent.url, service, id], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    expect(said.toString().trim()).toBe("registered");
    return child;
  }
});
