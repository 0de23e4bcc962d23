import {
  type Client,
  credentials,
  experimental,
  type handleUnaryCall,
  type MethodDefinition,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  status,
} from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { certificateFor, until } from "../http/servers.fixture.ts";
import { createMemoryRegistry } from "../memory/memory-registry.ts";
import { createMemoryStore } from "../memory/memory-store.ts";
import type { Registration, RegistrationSpec } from "../port/registration.ts";
import type { ServiceRegistry } from "../port/service-registry.ts";
import { registerDiscoveryResolver } from "./discovery-resolver.ts";
import { parseGrpcTarget } from "./grpc-target.ts";

const text = (value: string): Buffer => Buffer.from(value);
const who: MethodDefinition<string, string> = {
  path: "/test.Users/Who",
  requestStream: false,
  responseStream: false,
  requestSerialize: text,
  requestDeserialize: String,
  responseSerialize: text,
  responseDeserialize: String,
};
const Users = makeGenericClientConstructor({ who }, "Users");

let store = createMemoryStore();
let registry: ServiceRegistry;
let servers: Server[];
let clients: Client[];

beforeEach(() => {
  store = createMemoryStore();
  registry = createMemoryRegistry({ store });
  servers = [];
  clients = [];
  registerDiscoveryResolver(registry);
});

afterEach(async () => {
  for (const client of clients) client.close();
  for (const server of servers) server.forceShutdown();
  await registry[Symbol.asyncDispose]();
});

/** A real gRPC server that answers with its id, registered as an instance of `users`. */
async function start(
  id: string,
  spec: Partial<RegistrationSpec> = {},
  serverCredentials = ServerCredentials.createInsecure(),
): Promise<Registration & { server: Server; port: number }> {
  const server = new Server();
  servers.push(server);
  const answer: handleUnaryCall<string, string> = (_call, callback) => callback(null, id);
  server.addService({ who }, { who: answer });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", serverCredentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  const endpoints = [
    { name: "http", protocol: "http", port: 1 },
    { name: "rpc", protocol: "grpc", port },
  ];
  const registration = await registry.register({ service: "users", id, endpoints, ...spec });
  return Object.assign(registration, { server, port });
}

function client(target = "plinth:///users", options: object = {}, channel = credentials.createInsecure()) {
  const made = new Users(target, channel, options);
  clients.push(made);
  return (deadlineMs = 10_000): Promise<string> =>
    new Promise((resolve, reject) => {
      const deadline = Date.now() + deadlineMs;
      made.makeUnaryRequest(who.path, text, String, "?", { deadline }, (error, answer) =>
        error ? reject(error) : resolve(answer as string),
      );
    });
}

/** Who answers, over several calls. */
async function answers(ask: () => Promise<string>, calls = 20): Promise<readonly string[]> {
  const seen = new Set<string>();
  for (let call = 0; call < calls; call += 1) seen.add(await ask());
  return [...seen].sort();
}

describe("a channel to a service", () => {
  it("spreads calls over the instances, and follows those that come and go", async () => {
    const [one] = await Promise.all([start("one"), start("two")]);
    const ask = client();
    await ask();
    await until(async () => (await answers(ask)).join() === "one,two");
    await start("three");
    await until(async () => (await answers(ask)).join() === "one,three,two");
    await one.deregister();
    await until(async () => (await answers(ask)).join() === "three,two");
  });

  it("leaves out those that are down, and those of other zones as long as its own has some", async () => {
    registerDiscoveryResolver(registry, { locality: { zone: "a" } });
    const near = await start("near", { locality: { zone: "a" } });
    await start("far", { locality: { zone: "b" } });
    await start("down", { state: "down", locality: { zone: "a" } });
    const ask = client();
    expect(await answers(ask)).toEqual(["near"]);
    await near.update({ state: "down" });
    await until(async () => (await answers(ask)).join() === "far");
  });

  it("takes the endpoint that is named", async () => {
    const [main, admin] = [await start("main"), await start("admin", { service: "scratch" })];
    await main.update({
      endpoints: [
        { name: "rpc", protocol: "grpc", port: main.port },
        { name: "admin", protocol: "grpc", port: admin.port },
      ],
    });
    expect(await client("plinth:///admin.users")()).toBe("admin");
    expect(await client("plinth:///users")()).toBe("main");
  });

  it("checks the certificate against the service's name", async () => {
    const { key, cert } = await certificateFor("users.service");
    const secured = ServerCredentials.createSsl(null, [{ private_key: text(key), cert_chain: text(cert) }]);
    await start("one", {}, secured);
    expect(await client(undefined, {}, credentials.createSsl(text(cert)))()).toBe("one");
    const misnamed = await start("two", { service: "people" }, secured);
    const ask = client("plinth:///people", {}, credentials.createSsl(text(cert)));
    await expect(ask()).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(misnamed.state).toBe("registered");
  });

  it("survives the kill of an instance", async () => {
    const [one] = await Promise.all([start("one"), start("two")]);
    const ask = client();
    await until(async () => (await answers(ask)).length === 2);
    one.server.forceShutdown();
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => ask()));
    const failed = results.filter(({ status: outcome }) => outcome === "rejected").length;
    expect(failed).toBeLessThan(50);
    expect(await answers(ask)).toEqual(["two"]);
  });

  it("keeps to the service config that the channel brings", async () => {
    await Promise.all([start("one"), start("two")]);
    const first = { loadBalancingConfig: [{ pick_first: {} }] };
    const ask = client(undefined, { "grpc.service_config": JSON.stringify(first) });
    expect(await answers(ask)).toHaveLength(1);
  });
});

describe("a channel without instances", () => {
  it("fails with the reason, and works when one comes", async () => {
    const ask = client();
    await expect(ask()).rejects.toMatchObject({
      code: status.UNAVAILABLE,
      details: expect.stringContaining(
        'DISCOVERY_NO_INSTANCE: service "users" has no instance that takes requests: none of 0',
      ),
    });
    await start("one");
    await until(async () => (await ask().catch(() => "")) === "one");
  });

  it("fails when the registry says nothing in time, and works when it is back", async () => {
    store.interrupt();
    registerDiscoveryResolver(registry, { readyTimeoutMs: 20 });
    const ask = client();
    await expect(ask()).rejects.toMatchObject({
      code: status.UNAVAILABLE,
      details: expect.stringContaining("DISCOVERY_TIMEOUT"),
    });
    store.restore();
    await start("one");
    await until(async () => (await ask().catch(() => "")) === "one");
  });

  it("fails when the registry is closed", async () => {
    await registry[Symbol.asyncDispose]();
    await expect(client()()).rejects.toMatchObject({ details: expect.stringContaining("DISCOVERY_ABORTED") });
  });
});

it("tells a channel only of changes of the addresses", async () => {
  const one = await start("one");
  const reports: unknown[] = [];
  const target = { scheme: "plinth", path: "users" };
  const resolver = experimental.createResolver(target, (endpoints) => reports.push(endpoints) > 0, {});
  resolver.updateResolution();
  resolver.updateResolution();
  await until(() => reports.length === 1);
  await one.update({ weight: 5, metadata: { any: "thing" } });
  await one.update({ endpoints: [{ name: "rpc", protocol: "grpc", port: 9 }] });
  await until(() => reports.length > 1);
  expect(reports).toEqual([
    experimental.statusOrFromValue([{ addresses: [{ host: "127.0.0.1", port: one.port }] }]),
    experimental.statusOrFromValue([{ addresses: [{ host: "127.0.0.1", port: 9 }] }]),
  ]);
  resolver.destroy();
  await one.deregister();
  await registry.resolve({ service: "users" });
  expect(reports).toHaveLength(2);
});

it("says what is wrong with a target that cannot be", () => {
  expect(() => parseGrpcTarget("a.b.users")).toThrow('"a.b.users" names no service; write plinth:///SERVICE');
  expect(() => client("plinth:///Users:80")).toThrow("names no service");
});
