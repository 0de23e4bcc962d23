import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RegistrationSpec } from "@plinth/discovery";
import type { KubernetesObject } from "@plinth/testing/kubernetes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../cluster.fixture.ts";
import { openStage, type Stage } from "../stage.fixture.ts";

const spec: RegistrationSpec = {
  service: "users",
  id: "one",
  endpoints: [
    { name: "http", protocol: "http", port: 8080 },
    { name: "rpc", protocol: "grpc", port: 9090 },
    { name: "raw", protocol: "udp", port: 7000 },
  ],
};

let stage: Stage;
let api: Stage["api"];
let logged: Stage["logged"];
let connect: Stage["connect"];
let pass: Stage["pass"];

beforeEach(async () => {
  stage = await openStage({ registration: "managed", node: "node-1", host: "10.1.0.9" });
  ({ api, logged, connect, pass } = stage);
});

afterEach(() => stage[Symbol.asyncDispose]());

/** The one endpoint of the one slice. */
function onlyEndpoint(): { readonly conditions: object } {
  const [only] = slices();
  return (only?.endpoints as readonly { readonly conditions: object }[] | undefined)?.[0] ?? { conditions: {} };
}

const slices = (): readonly KubernetesObject[] => api.list("discovery.k8s.io/v1", "EndpointSlice");
const leases = (): readonly KubernetesObject[] => api.list("coordination.k8s.io/v1", "Lease");

describe("a managed registration", () => {
  it("is an EndpointSlice of its own, and a Lease of the same name", async () => {
    const pod = { name: "worker-1", uid: "u-1" };
    const registration = await connect({ pod, leaseMs: 15_000 }).register({
      ...spec,
      version: "1.2.3",
      weight: 3,
      tags: ["blue"],
      metadata: { owner: "team" },
      locality: { region: "eu", zone: "eu-1a", node: "node-7", hintZones: ["eu-1a"] },
    });
    expect(registration).toMatchObject({ id: "node-1/one", state: "registered" });
    const [slice] = slices();
    const owner = [{ apiVersion: "v1", kind: "Pod", name: "worker-1", uid: "u-1" }];
    expect(slice).toMatchObject({
      metadata: {
        name: expect.stringMatching(/^users-[0-9a-f]{16}$/),
        namespace: "default",
        labels: {
          "kubernetes.io/service-name": "users",
          "endpointslice.kubernetes.io/managed-by": "plinth-discovery",
        },
        ownerReferences: owner,
      },
      addressType: "IPv4",
      endpoints: [
        {
          addresses: ["10.1.0.9"],
          conditions: { ready: true, serving: true, terminating: false },
          zone: "eu-1a",
          nodeName: "node-7",
          hints: { forZones: [{ name: "eu-1a" }] },
        },
      ],
      ports: [
        { name: "http", port: 8080, protocol: "TCP", appProtocol: "http" },
        { name: "rpc", port: 9090, protocol: "TCP", appProtocol: "grpc" },
        { name: "raw", port: 7000, protocol: "UDP" },
      ],
    });
    expect(leases()).toMatchObject([
      {
        metadata: { name: slice?.metadata.name, ownerReferences: owner },
        spec: { leaseDurationSeconds: 15, renewTime: "2026-01-01T00:00:00.000000Z" },
      },
    ]);
    await registration.deregister();
    expect([...slices(), ...leases()]).toEqual([]);
  });

  it.each([
    ["up", { ready: true, serving: true, terminating: false }],
    ["warning", { ready: true, serving: true, terminating: false }],
    ["down", { ready: false, serving: false, terminating: false }],
  ] as const)("that is %s says so by its conditions", async (state, conditions) => {
    await connect().register({ ...spec, state });
    expect(onlyEndpoint().conditions).toEqual(conditions);
  });

  it("drains as serving and terminating", async () => {
    const registration = await connect().register(spec);
    const draining = registration.drain({ graceMs: 1_000 });
    await eventually("it drains", () => JSON.stringify(slices()).includes('"terminating":true'));
    expect(onlyEndpoint()).toMatchObject({ conditions: { ready: false, serving: true } });
    await pass(1_000, 500);
    await draining;
    expect(slices()).toEqual([]);
  });

  it.each([
    [
      "a name for an address",
      [{ name: "http", protocol: "http", host: "db.test", port: 1 }],
      "IP addresses, not the name db.test",
    ],
    [
      "two addresses",
      [
        { name: "http", protocol: "http", host: "10.0.0.1", port: 1 },
        { name: "rpc", protocol: "grpc", host: "10.0.0.2", port: 2 },
      ],
      "one address for an instance, not 10.0.0.1 and 10.0.0.2",
    ],
    ["a protocol with a plus", [{ name: "http", protocol: "a+b", host: "10.0.0.1", port: 1 }], 'the protocol "a+b"'],
    [
      "an address that only this machine knows",
      [{ name: "http", protocol: "http", host: "127.0.0.1", port: 1 }],
      "loopback range",
    ],
  ])("with %s is refused, and leaves nothing behind", async (_what, endpoints, reason) => {
    await expect(connect().register({ ...spec, endpoints })).rejects.toMatchObject({
      code: "DISCOVERY_INVALID",
      message: expect.stringContaining(reason),
    });
    expect([...slices(), ...leases()]).toEqual([]);
  });

  it("by IPv6 is a slice of IPv6", async () => {
    await connect({ host: "2001:db8::9" }).register(spec);
    expect(slices()[0]?.addressType).toBe("IPv6");
  });

  it("is refused with the Role that it needs", async () => {
    const message = 'leases.coordination.k8s.io "x" is forbidden: User "bob" cannot patch resource "leases"';
    api.fail(({ verb }) =>
      verb === "patch" ? { type: "status", code: 403, reason: "Forbidden", message } : undefined,
    );
    await expect(connect().register(spec)).rejects.toMatchObject({
      code: "DISCOVERY_DENIED",
      fix: expect.stringMatching(/leases\], verbs: \[list, create, patch, delete\].*name: "bob"/s),
    });
  });

  it("renews its lease three times in its duration, and nothing else", async () => {
    await connect({ leaseMs: 30_000 }).register(spec);
    await eventually("it watches", () => api.watches.length === 1);
    const before = api.requests.length;
    const renewed = leases()[0]?.spec;
    await pass(60_000);
    const sent = api.requests.slice(before);
    expect(sent.filter(({ verb }) => verb === "patch").map(({ resource }) => resource)).toEqual(
      Array(6).fill("leases"),
    );
    // The rest is the look for dead peers.
    expect(new Set(sent.filter(({ verb }) => verb !== "patch").map(({ verb }) => verb))).toEqual(new Set(["list"]));
    expect(leases()[0]?.spec).not.toEqual(renewed);
  });

  it("is made again when its slice or its lease is gone", async () => {
    const registration = await connect().register(spec);
    const name = slices()[0]?.metadata.name as string;
    await eventually("it watches", () => api.watches.length === 1);
    api.remove("discovery.k8s.io/v1", "EndpointSlice", "default", name);
    await pass(3_000, 200);
    await eventually("the slice is back", () => slices().length === 1 && registration.state === "registered");
    api.remove("coordination.k8s.io/v1", "Lease", "default", name);
    await pass(15_000);
    await eventually("the lease is back", () => leases().length === 1 && registration.state === "registered");
  });

  it("is taken over by a restart with the same id, whose entry the old process leaves alone", async () => {
    const old = await connect().register(spec);
    const young = await connect().register({ ...spec, version: "2.0.0" });
    expect(young.id).toBe(old.id);
    expect(slices()).toHaveLength(1);
    await old.deregister();
    expect(slices()).toHaveLength(1);
    expect(leases()).toHaveLength(1);
    await young.deregister();
    expect([...slices(), ...leases()]).toEqual([]);
  });

  it("of an id that two processes claim is the later one's; the other knows, and has it again when it is free", async () => {
    const first = await connect().register(spec);
    const second = await connect().register({ ...spec, version: "2.0.0" });
    await pass(60_000);
    expect(first).toMatchObject({ state: "degraded", lastError: { code: "DISCOVERY_REPLACED" } });
    expect(second.state).toBe("registered");
    expect(JSON.stringify(slices())).toContain("2.0.0");
    await second.deregister();
    await pass(31_000);
    await eventually("the first one has it", () => first.state === "registered" && slices().length === 1);
    expect(JSON.stringify(slices())).not.toContain("2.0.0");
  });

  it("of the same id on another node is another instance", async () => {
    await connect().register(spec);
    await connect({ node: "node-2" }).register(spec);
    expect(slices()).toHaveLength(2);
  });

  it("leaves nothing behind when it is aborted while a write is under way", async () => {
    const answered = Promise.withResolvers<void>();
    api.fail(({ verb, resource }) =>
      verb === "patch" && resource === "endpointslices" ? { type: "delay", until: answered.promise } : undefined,
    );
    const controller = new AbortController();
    const registering = connect().register(spec, { signal: controller.signal });
    await eventually("the write is under way", () =>
      api.requests.some(({ resource, verb }) => verb === "patch" && resource === "endpointslices"),
    );
    controller.abort();
    answered.resolve();
    await expect(registering).rejects.toMatchObject({ code: "DISCOVERY_ABORTED" });
    expect([...slices(), ...leases()]).toEqual([]);
  });
});

describe("the entry of a killed process", () => {
  it("is removed by a peer, also where the clocks differ, and the living ones stay", async () => {
    const child = spawn(
      process.execPath,
      ["--conditions=plinth-source", fileURLToPath(new URL("./killed-process.fixture.ts", import.meta.url)), api.url],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
    const living = await connect({ leaseMs: 30_000 }).register({ ...spec, id: "living" });
    expect(slices()).toHaveLength(2);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    // Seen twice to stand still, but not yet for the 30 s of its lease.
    await pass(40_000);
    expect(slices()).toHaveLength(2);
    await pass(35_000);
    expect(slices()).toHaveLength(1);
    expect(leases()).toHaveLength(1);
    expect(JSON.stringify(slices())).toContain(living.id);
    expect(logged.join()).toContain("removed the entry of an instance whose process is gone");
  });

  it("is removed also when it never got, or has lost, its lease", async () => {
    await connect({ leaseMs: 30_000 }).register({ ...spec, id: "living" });
    const [own] = slices();
    const { metadata, ...rest } = own as KubernetesObject;
    api.put({ ...rest, metadata: { name: "users-orphan", labels: metadata.labels ?? {} } } as KubernetesObject);
    await pass(75_000);
    expect(slices().map(({ metadata: { name } }) => name)).toEqual([metadata.name]);
  });

  it("of other controllers is never touched", async () => {
    const labels = { "kubernetes.io/service-name": "users", "endpointslice.kubernetes.io/managed-by": "somebody" };
    const endpoints = [{ addresses: ["10.1.0.1"] }];
    const base = {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      addressType: "IPv4",
      endpoints,
      ports: [],
    };
    api.put({ ...base, metadata: { name: "theirs", labels } });
    api.put({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "leader" },
      spec: { leaseDurationSeconds: 1 },
    });
    await connect({ leaseMs: 30_000 }).register(spec);
    await pass(100_000);
    expect(slices()).toHaveLength(2);
    expect(leases()).toHaveLength(2);
  });

  it("stays for the next look when the API server cannot be asked", async () => {
    await connect({ leaseMs: 30_000 }).register(spec);
    const heal = api.fail(({ verb }) => (verb === "list" ? { type: "status", code: 500 } : undefined));
    await pass(20_000);
    expect(logged.join()).toContain("could not look for dead peers");
    heal();
  });
});
