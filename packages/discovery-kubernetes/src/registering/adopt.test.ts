import type { RegistrationSpec, ServiceRegistry } from "@plinth/discovery";
import { createFakeClock, type FakeClock } from "@plinth/testing/clock";
import { type KubernetesApi, startKubernetesApi } from "@plinth/testing/kubernetes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, loggerInto, plainAccess, quiet, removeSlice, slice } from "../cluster.fixture.ts";
import { createKubernetesRegistry, type KubernetesRegistryOptions } from "../kubernetes-registry.ts";
import { podFromEnvironment } from "./pod.ts";
import { type ReadinessEndpoint, serveReadiness } from "./readiness.ts";

const pod = { name: "users-7c9f8", uid: "1b24dbd7-e3cc-4f98-9979-8a43a3d123af", ip: "10.1.0.9" };
const spec: RegistrationSpec = { service: "users", endpoints: [{ name: "http", protocol: "http", port: 8080 }] };

let api: KubernetesApi;
let clock: FakeClock;
let logged: string[];
let registry: ServiceRegistry | undefined;
let probed: boolean[];

beforeEach(async () => {
  api = await startKubernetesApi();
  clock = createFakeClock();
  logged = [];
  probed = [];
});

afterEach(async () => {
  await registry?.[Symbol.asyncDispose]();
  expect(clock.pendingTimers).toBe(0);
  await api[Symbol.asyncDispose]();
});

/** What the kubelet and the controller make of the pod's probe. */
function podIs(
  ready: boolean,
  more: { readonly terminating?: boolean; readonly port?: number; readonly name?: string } = {},
): void {
  const { terminating = false, port = 8080, name = "http" } = more;
  const made = slice("users-abc", [
    { ip: pod.ip, uid: pod.uid, pod: pod.name, ready, serving: ready || terminating, terminating },
  ]);
  api.put({ ...made, ports: [{ name, port }] });
}

function connect(options: Partial<KubernetesRegistryOptions> = {}): ServiceRegistry {
  registry = createKubernetesRegistry({
    access: plainAccess(api.url),
    clock,
    random: () => 0.5,
    log: loggerInto(logged),
    env: {},
    pod,
    readiness: {
      set(ready) {
        probed.push(ready);
        podIs(ready);
      },
    },
    requestTimeoutMs: 1e9,
    ...options,
  });
  return registry;
}

async function pass(ms: number, stepMs = 500): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    await clock.advance(Math.min(stepMs, left));
    await quiet(() => `${api.requests.length} ${clock.pendingTimers} ${api.watches.length}`);
  }
}

describe("adopting a pod", () => {
  it("opens the readiness, waits until the pod shows in the slices, and writes nothing", async () => {
    podIs(false);
    const registration = await connect().register(spec);
    expect(registration).toMatchObject({ state: "registered", id: "users-7c9f8.1b24dbd7", lastError: undefined });
    expect(probed).toEqual([true]);
    await eventually("it watches", () => api.watches.length === 1);
    await registration.deregister();
    expect(probed).toEqual([true, false]);
    expect(registration.state).toBe("deregistered");
    expect(new Set(api.requests.map(({ verb }) => verb))).toEqual(new Set(["list", "watch"]));
  });

  it("finds the pod by its name where its uid is not known, and by its address in slices without references", async () => {
    podIs(false);
    expect((await connect({ pod: { name: pod.name } }).register(spec)).id).toBe("users-7c9f8.1b24dbd7");
    await registry?.[Symbol.asyncDispose]();
    removeSlice(api, "users-abc");
    api.put(slice("users-own", [{ ip: pod.ip }]));
    expect((await connect({ readiness: { set() {} } }).register(spec)).id).toBe("10.1.0.9:8080");
  });

  it("is degraded past the deadline, says why, and mends itself", async () => {
    const none = { set() {} };
    const cases = [
      [() => {}, /there are no endpoints of a Service "users" in the namespace "default"/],
      [
        () => api.put(slice("users-x", [{ ip: "10.1.0.1", uid: "x" }])),
        /is in none of its EndpointSlices: look at the Service's selector/,
      ],
      [() => podIs(false), /is in its EndpointSlices, but not ready: look at its readiness probe/],
    ] as const;
    const open = connect({ readiness: none });
    for (const [prepare, reason] of cases) {
      prepare();
      const registering = open.register({ ...spec, id: `case-${reason.source.length}` });
      await eventually("it waits", () => api.watches.length === 1);
      await pass(10_500);
      const registration = await registering;
      expect(registration.state).toBe("degraded");
      expect(registration.lastError).toMatchObject({
        code: "DISCOVERY_UNAVAILABLE",
        message: expect.stringMatching(reason),
      });
      expect(open.health().messages.join()).toMatch(reason);
      await registration.deregister();
    }
    const registering = open.register(spec);
    await pass(11_000);
    const registration = await registering;
    expect(registration.state).toBe("degraded");
    podIs(true);
    await pass(3_000);
    await eventually("it is mended", () => registration.state === "registered");
  });

  it("fails loudly when no port of the Service leads to an endpoint", async () => {
    const loud = expect.objectContaining({
      code: "DISCOVERY_INVALID",
      message: expect.stringContaining(
        'the Service "users" leads to http at 9090, and to none of the endpoints registered: http at 8080',
      ),
    });
    const set = (ready: boolean): void => {
      probed.push(ready);
      podIs(ready, { port: 9090 });
    };
    await expect(connect({ readiness: { set } }).register(spec)).rejects.toEqual(loud);
    // Nothing is left behind: the pod is unready again.
    expect(probed).toEqual([true, false]);
  });

  it("takes a Service with one unnamed port, and says of further endpoints that nothing leads there", async () => {
    const set = (ready: boolean): void => podIs(ready, { name: "" });
    const endpoints = [...spec.endpoints, { name: "admin", protocol: "http", port: 9999 }];
    const registration = await connect({ readiness: { set } }).register({ ...spec, endpoints });
    expect(registration.state).toBe("registered");
    expect(logged).toEqual(['the Service "users" leads to default at 8080, and not to admin at 9999']);
  });

  it("is refused outside a pod", async () => {
    const outside = createKubernetesRegistry({ access: plainAccess(api.url), clock, env: {} });
    await expect(outside.register({ ...spec, id: "me" })).rejects.toMatchObject({
      code: "DISCOVERY_INVALID",
      message: expect.stringContaining('"me" cannot be adopted outside a pod'),
    });
    await outside[Symbol.asyncDispose]();
  });

  it("is refused with the Role where the slices may not be read", async () => {
    api.fail(() => ({ type: "status", code: 403, reason: "Forbidden" }));
    await expect(connect().register(spec)).rejects.toMatchObject({ code: "DISCOVERY_DENIED" });
    expect(probed).toEqual([true, false]);
  });

  it("drains by failing the readiness, and goes on serving for the grace", async () => {
    const registration = await connect().register(spec);
    const draining = registration.drain({ graceMs: 5_000 });
    await eventually("the readiness fails", () => probed.at(-1) === false);
    await pass(4_000);
    expect(registration.state).toBe("registered");
    await pass(1_500);
    await draining;
    expect(registration.state).toBe("deregistered");
  });

  it("follows the state that the instance says of itself", async () => {
    const registration = await connect().register(spec);
    await registration.update({ state: "down" });
    expect(probed).toEqual([true, false]);
    await registration.update({ state: "up" });
    expect(probed).toEqual([true, false, true]);
    expect(registration.state).toBe("registered");
  });

  it("is degraded when the pod falls out of the slices, and registered when it is back", async () => {
    const registration = await connect().register(spec);
    const seen = registry?.watch({ service: "users" });
    podIs(false);
    await eventually("it is noticed", () => registration.state === "degraded");
    expect(registration.lastError?.message).toContain("is no longer ready in its EndpointSlices");
    podIs(true);
    await pass(2_000);
    await eventually("it is registered", () => registration.state === "registered");
    await seen?.[Symbol.asyncDispose]();
  });

  it("keeps the pod ready as long as one of its registrations is up", async () => {
    const open = connect();
    const first = await open.register({ ...spec, id: "one" });
    const second = await open.register({ ...spec, id: "two" });
    await first.deregister();
    expect(probed).toEqual([true]);
    await second.deregister();
    expect(probed).toEqual([true, false]);
  });

  it("is degraded while the readiness cannot be set, and tries again", async () => {
    let broken = true;
    const set = (ready: boolean): void => {
      if (broken) throw new Error("the probe's file is read-only");
      podIs(ready);
    };
    const registration = await connect({ readiness: { set } }).register(spec);
    expect(registration).toMatchObject({ state: "degraded", lastError: { code: "DISCOVERY_UNAVAILABLE" } });
    broken = false;
    await pass(2_000);
    await eventually("it is registered", () => registration.state === "registered");
  });

  it("that is aborted leaves the pod unready", async () => {
    const controller = new AbortController();
    const registering = connect({ readiness: { set: (ready) => void probed.push(ready) } }).register(spec, {
      signal: controller.signal,
    });
    await eventually("it waits", () => api.watches.length === 1);
    controller.abort();
    await expect(registering).rejects.toMatchObject({ code: "DISCOVERY_ABORTED" });
    expect(probed).toEqual([true, false]);
  });
});

describe("the pod's identity", () => {
  it("comes from the downward API, inside a cluster from the host's name, and outside from nowhere", () => {
    const cluster = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443", HOSTNAME: "users-1" };
    expect(podFromEnvironment({ ...cluster, POD_NAME: "p", POD_UID: "u", POD_IP: "10.1.0.1" })).toEqual({
      name: "p",
      uid: "u",
      ip: "10.1.0.1",
    });
    expect(podFromEnvironment(cluster)).toEqual({ name: "users-1" });
    expect(podFromEnvironment({ HOSTNAME: "laptop" })).toBeUndefined();
  });
});

describe("a readiness endpoint", () => {
  let endpoint: ReadinessEndpoint | undefined;
  afterEach(() => endpoint?.[Symbol.asyncDispose]());

  it("answers 503 until it is ready, 200 then, and 404 elsewhere", async () => {
    endpoint = await serveReadiness({ port: 0, host: "127.0.0.1" });
    const ask = async (path: string) => (await fetch(`http://127.0.0.1:${endpoint?.port}${path}`)).status;
    expect(await ask("/readyz")).toBe(503);
    endpoint.set(true);
    expect(await ask("/readyz")).toBe(200);
    expect(await ask("/else")).toBe(404);
    endpoint.set(false);
    expect(await ask("/readyz")).toBe(503);
  });
});
