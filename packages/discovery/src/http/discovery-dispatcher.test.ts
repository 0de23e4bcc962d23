import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { createFakeClock } from "@plinth/testing/clock";
import { Agent, getGlobalDispatcher, request, setGlobalDispatcher, fetch as undiciFetch, upgrade } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "../memory/memory-registry.ts";
import { createMemoryStore } from "../memory/memory-store.ts";
import { createDiscoveryCounters } from "../observing/counters.ts";
import type { DiscoveryObserver } from "../observing/observer.ts";
import { seededRandom } from "../picking/instances.fixture.ts";
import {
  type DiscoveryDispatcher,
  type DiscoveryDispatcherOptions,
  discoveryDispatcher,
} from "./discovery-dispatcher.ts";
import { certificateFor, deadPort, TestServices, until } from "./servers.fixture.ts";

let services: TestServices;
let dispatcher: DiscoveryDispatcher;
const counters = () => figures.services()[0];
let figures = createDiscoveryCounters();
let snapshots = 0;

beforeEach(() => {
  snapshots = 0;
  services = new TestServices();
  figures = createDiscoveryCounters();
  dispatcher = make();
});

afterEach(async () => {
  await dispatcher.destroy();
  await services.close();
});

function make(options: DiscoveryDispatcherOptions = {}): DiscoveryDispatcher {
  const observer: DiscoveryObserver = {
    ...figures,
    snapshot(event) {
      snapshots += 1;
      figures.snapshot(event);
    },
  };
  return discoveryDispatcher(services.registry, { observer, random: seededRandom(3), ...options });
}

async function use(options: DiscoveryDispatcherOptions): Promise<void> {
  await dispatcher.destroy();
  dispatcher = make(options);
}

async function get(url = "http://users.service/", options: Parameters<typeof request>[1] = {}): Promise<string> {
  const { body, statusCode } = await request(url, { dispatcher, ...options });
  const text = await body.text();
  return statusCode === 200 ? text : `${statusCode} ${text}`;
}

describe("reaching a service by its name", () => {
  it("works with undici's request and fetch, and keeps the Host header the service's", async () => {
    await services.start("one", ({ headers, method, url }, response) => {
      response.end(`${method} ${url} ${headers.host}`);
    });
    expect(await get("http://users.service/people?page=2")).toBe("GET /people?page=2 users.service");
    const response = await undiciFetch("http://users.service/people", { dispatcher, method: "DELETE" });
    expect(await response.text()).toBe("DELETE /people users.service");
  });

  it("works with the fetch of Node, by option and as the global dispatcher", async () => {
    await services.start("one", (incoming, response) => {
      incoming.pipe(response.setHeader("x-host", String(incoming.headers.host)));
    });
    // The types of Node's fetch are those of its own, older undici.
    const init: RequestInit = { method: "POST", body: "hello", dispatcher: dispatcher as never };
    const byOption = await fetch("http://users.service/", init);
    expect([await byOption.text(), byOption.headers.get("x-host")]).toEqual(["hello", "users.service"]);
    const before = getGlobalDispatcher();
    setGlobalDispatcher(dispatcher);
    try {
      expect(await (await fetch("http://users.service/", { method: "PUT", body: "again" })).text()).toBe("again");
      expect(await (await undiciFetch("http://users.service/", { method: "PUT", body: "once more" })).text()).toBe(
        "once more",
      );
    } finally {
      setGlobalDispatcher(before);
    }
  });

  it("takes the endpoint of the scheme, or the one that is named", async () => {
    const [main, admin] = await Promise.all(
      ["main", "admin"].map((id) => services.start(id, undefined, { service: "scratch" })),
    );
    await services.registry.register({
      service: "users",
      endpoints: [
        { name: "rpc", protocol: "grpc", port: 1 },
        { name: "main", protocol: "http", port: main?.port as number },
        { name: "admin", protocol: "http", port: admin?.port as number },
      ],
    });
    expect(await get("http://users.service/")).toBe("main");
    expect(await get("http://admin.users.service/")).toBe("admin");
    await expect(get("http://other.users.service/")).rejects.toMatchObject({
      code: "DISCOVERY_NO_INSTANCE",
      message: 'service "users" has no instance that takes requests: none of 1 has an endpoint "other" for http',
    });
  });

  it("checks the certificate against the service's name, not the address", async () => {
    const tls = await certificateFor("users.service");
    await services.start("one", ({ headers }, response) => void response.end(headers.host ?? headers[":authority"]), {
      tls,
    });
    for (const allowH2 of [true, false]) {
      await use({ connections: { connect: { ca: tls.cert }, allowH2 } });
      expect(await get("https://users.service/")).toBe("users.service");
      const init: RequestInit = { dispatcher: dispatcher as never };
      expect(await (await fetch("https://users.service/", init)).text()).toBe("users.service");
    }
    await services.start("two", undefined, { service: "people", tls });
    await expect(get("https://people.service/")).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });

  it("speaks HTTP/2 where both can, and HTTP/1.1 to a caller that cannot", async () => {
    const tls = await certificateFor("users.service");
    const server = createSecureServer({ ...tls, allowHTTP1: true }, ({ httpVersion }, response) => {
      response.end(httpVersion);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await services.registry.register({ service: "users", endpoints: [{ name: "main", protocol: "https", port }] });
    await use({ connections: { connect: { ca: tls.cert } } });
    expect(await get("https://users.service/")).toBe("2.0");
    const builtIn = await fetch("https://users.service/", { dispatcher: dispatcher as never });
    expect(await builtIn.text()).toBe("1.1");
    await dispatcher.close();
    server.close();
  });

  it("leaves all other hosts to the fallback", async () => {
    const server = createServer((_request, response) => void response.end("elsewhere"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await get(`http://127.0.0.1:${port}/`)).toBe("elsewhere");
    const fallback = new Agent();
    await use({ fallback });
    expect(await get(`http://127.0.0.1:${port}/`)).toBe("elsewhere");
    await dispatcher.close();
    expect(fallback.closed).toBe(false);
    await fallback.close();
    server.close();
  });

  it("says what is wrong with a name that cannot be", async () => {
    await expect(get("http://users.service:8080/")).rejects.toMatchObject({
      code: "DISCOVERY_INVALID",
      message:
        "the registry cannot take this: http://users.service:8080 names a port, which the registry knows; name the endpoint: http://admin.users.service",
    });
    await expect(get("http://a.b.users.service/")).rejects.toMatchObject({
      message: expect.stringContaining("write http://SERVICE.service or http://ENDPOINT.SERVICE.service"),
    });
  });

  it("takes another suffix", async () => {
    await services.start("one");
    await use({ suffix: ".internal.example" });
    expect(await get("http://users.internal.example/")).toBe("one");
  });

  it("takes one route for all spellings of an origin", async () => {
    await services.start("one");
    for (const origin of ["http://users.service", "http://USERS.service/", new URL("http://users.service/x")]) {
      const { body } = await dispatcher.request({ origin, path: "/", method: "GET" });
      expect(await body.text()).toBe("one");
    }
    expect(counters()?.instances.up).toBe(1);
    expect(snapshots).toBe(1);
  });

  it("passes upgrades on", async () => {
    const one = await services.start("one");
    await one.kill();
    const server = createServer().on("upgrade", (_request, socket) => {
      socket.end("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: chat\r\n\r\nhello");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await one.registration.update({ endpoints: [{ name: "main", protocol: "http", host: "127.0.0.1", port }] });
    const { socket } = await upgrade("http://users.service/", { dispatcher, protocol: "chat" });
    expect((await socket.toArray()).join("")).toBe("hello");
    server.close();
  });
});

describe("waiting for the registry", () => {
  it("holds requests until the first word about the service, and no longer than allowed", async () => {
    const store = createMemoryStore();
    store.interrupt();
    const registry = createMemoryRegistry({ store });
    const clock = createFakeClock();
    const waiting = discoveryDispatcher(registry, { clock, readyTimeoutMs: 5_000 });
    const late = expect(request("http://users.service/", { dispatcher: waiting })).rejects.toMatchObject({
      code: "DISCOVERY_TIMEOUT",
    });
    await clock.advance(4_999);
    const early = request("http://users.service/", { dispatcher: waiting });
    await clock.advance(1);
    await late;
    const one = await services.start("one");
    store.put({
      id: "one",
      service: "users",
      endpoints: [{ name: "main", protocol: "http", host: "127.0.0.1", port: one.port }],
      state: "up",
      weight: 1,
      tags: [],
      metadata: {},
    });
    store.restore();
    expect(await (await early).body.text()).toBe("one");
    expect(clock.pendingTimers).toBe(0);
    await waiting.close();
    await registry[Symbol.asyncDispose]();
  });

  it("fails at once when nobody is there, and when the registry is closed", async () => {
    await expect(get()).rejects.toMatchObject({
      code: "DISCOVERY_NO_INSTANCE",
      message: 'service "users" has no instance that takes requests: the registry knows none',
    });
    await services.registry[Symbol.asyncDispose]();
    await expect(get("http://people.service/")).rejects.toMatchObject({ code: "DISCOVERY_ABORTED" });
  });

  it("goes on with what it knows when the registry is closed", async () => {
    await services.start("one");
    const store = createMemoryStore();
    const registry = createMemoryRegistry({ store });
    for (const instance of (await services.registry.resolve({ service: "users" })).instances) store.put(instance);
    const own = discoveryDispatcher(registry);
    expect(await get(undefined, { dispatcher: own })).toBe("one");
    await registry[Symbol.asyncDispose]();
    expect(await get(undefined, { dispatcher: own })).toBe("one");
    await own.close();
  });
});

describe("trying again", () => {
  it("goes to another instance when one cannot be reached, whatever the method, and costs no budget", async () => {
    await use({ retries: { ratio: 0, perSecond: 0 } });
    const one = await services.start("one");
    await services.start("two", (incoming, response) => void incoming.pipe(response));
    await one.kill();
    for (let turn = 0; turn < 10; turn += 1) {
      expect(await get(undefined, { method: "POST", body: "text" })).toBe("text");
      expect(await get(undefined, { method: "POST", body: Readable.from(["a ", "stream"]) })).toBe("a stream");
      const fetched = await fetch("http://users.service/", {
        method: "POST",
        body: "x",
        dispatcher: dispatcher as never,
      });
      expect(await fetched.text()).toBe("x");
    }
    expect(counters()?.retries).toBeGreaterThan(0);
    expect(counters()?.ejections["consecutive-failures"]).toBe(1);
  });

  it("gives up after its number of tries, with the last error", async () => {
    await services.start("one").then((one) => one.kill());
    await services.registry.register({
      service: "users",
      endpoints: [{ name: "main", protocol: "http", port: await deadPort() }],
    });
    await use({ retries: { max: 2, backoffMs: 1 } });
    await expect(get()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(counters()?.retries).toBe(2);
    expect(counters()?.picks).toBe(3);
  });

  it("sends an idempotent request again when the connection breaks before the answer, and no other", async () => {
    let broken = 0;
    const breaking = (await services.start("one", (incoming) => {
      broken += 1;
      incoming.socket.resetAndDestroy();
    })) as { readonly id: string };
    await services.start("two");
    await use({ outliers: false });
    for (let turn = 0; turn < 10; turn += 1) expect(await get()).toBe("two");
    expect(broken).toBeGreaterThan(0);
    const posts = await Promise.allSettled(
      Array.from({ length: 20 }, () => get(undefined, { method: "POST", body: "x" })),
    );
    expect(posts.some(({ status }) => status === "rejected")).toBe(true);
    const marked = Array.from({ length: 10 }, () => get(undefined, { method: "POST", body: "x", idempotent: true }));
    expect(await Promise.all(marked)).toEqual(Array(10).fill("two"));
    expect(breaking.id).toBe("one");
  });

  it("does not send a body again that it cannot replay", async () => {
    await services.start("one", (incoming) => {
      incoming.resume().on("data", () => incoming.socket.resetAndDestroy());
    });
    await services.start("two", (incoming) => {
      incoming.resume().on("data", () => incoming.socket.resetAndDestroy());
    });
    const options = { method: "PUT", body: Readable.from(["a", "b"]) } as const;
    await expect(get(undefined, options)).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET|EPIPE/),
    });
    expect(counters()?.picks).toBe(1);
  });

  it("never sends again once the answer has begun", async () => {
    const instances = await Promise.all(
      ["one", "two"].map((id) =>
        services.start(id, (_incoming, response) => {
          response.writeHead(200, { "content-length": "100" });
          response.write("begun", () => response.socket?.resetAndDestroy());
        }),
      ),
    );
    await expect(get()).rejects.toThrow();
    expect(instances.reduce((sum, { requests }) => sum + requests, 0)).toBe(1);
  });

  it("asks another instance upon 503, but the same one never for that", async () => {
    const one = await services.start("one", (_incoming, response) => {
      response.writeHead(503).end("x".repeat(100_000));
    });
    const two = await services.start("two");
    await use({ outliers: false });
    for (let turn = 0; turn < 10; turn += 1) expect(await get()).toBe("two");
    expect(one.requests).toBeGreaterThan(0);
    const before = one.requests;
    await two.registration.deregister();
    await until(() => (counters()?.instances.up ?? 0) === 1);
    expect((await get()).slice(0, 5)).toBe("503 x");
    expect(one.requests).toBe(before + 1);
    expect(await get(undefined, { method: "POST" })).toContain("503");
  });

  it("keeps within its budget with broken connections too", async () => {
    const breaking = (id: string) => services.start(id, (incoming) => void incoming.socket.resetAndDestroy());
    const instances = await Promise.all(["one", "two", "three"].map(breaking));
    await use({ outliers: false, clock: createFakeClock(), retries: { ratio: 0, perSecond: 3 } });
    for (let turn = 0; turn < 10; turn += 1) await expect(get()).rejects.toThrow();
    expect(instances.reduce((sum, { requests }) => sum + requests, 0)).toBe(10 + 3);
  });

  it("takes an instance for idle again that was picked for nothing", async () => {
    let healthy = false;
    const listener = (id: string) =>
      services.start(id, (_incoming, response) => void response.writeHead(healthy ? 200 : 503).end(id));
    await listener("one");
    await use({ outliers: false });
    for (let turn = 0; turn < 20; turn += 1) expect(await get()).toBe("503 one");
    healthy = true;
    await listener("two");
    await until(() => counters()?.instances.up === 2);
    const answers = new Set<string>();
    for (let turn = 0; turn < 40; turn += 1) answers.add(await get());
    expect(answers).toEqual(new Set(["one", "two"]));
  });

  it("keeps within its budget", async () => {
    const failing = (id: string) => services.start(id, (_incoming, response) => void response.writeHead(503).end("no"));
    const instances = await Promise.all(["one", "two", "three"].map(failing));
    const clock = createFakeClock();
    await use({ outliers: false, retries: { ratio: 0.2, perSecond: 5 }, clock });
    for (let turn = 0; turn < 100; turn += 1) expect(await get()).toBe("503 no");
    const sent = instances.reduce((sum, { requests }) => sum + requests, 0);
    expect(sent).toBe(100 + 25);
    expect(counters()).toMatchObject({ retries: 25, retriesRefused: expect.any(Number) });
    await clock.advance(1_000);
    for (let turn = 0; turn < 10; turn += 1) await get();
    expect(counters()?.retries).toBe(25 + 5 + 2);
  });

  it("can be turned off", async () => {
    const instances = await Promise.all(
      ["one", "two"].map((id) => services.start(id, (_incoming, response) => void response.writeHead(503).end("no"))),
    );
    await use({ retries: false });
    expect(await get()).toBe("503 no");
    expect(instances.reduce((sum, { requests }) => sum + requests, 0)).toBe(1);
  });

  it("ends at once when the caller aborts while it waits to try again", async () => {
    await services.start("one").then((one) => one.kill());
    const clock = createFakeClock();
    await use({ clock, retries: { backoffMs: 1_000 } });
    const controller = new AbortController();
    const asking = get(undefined, { signal: controller.signal });
    await until(() => clock.pendingTimers === 1);
    controller.abort(new Error("enough"));
    await expect(asking).rejects.toThrow("enough");
    expect([counters()?.picks, clock.pendingTimers]).toEqual([2, 0]);
  });

  it("ends at once when the caller aborts while it waits for the registry", async () => {
    const store = createMemoryStore();
    store.interrupt();
    const registry = createMemoryRegistry({ store });
    const own = discoveryDispatcher(registry);
    const controller = new AbortController();
    const asking = request("http://users.service/", { dispatcher: own, signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(asking).rejects.toThrow("enough");
    await own.close();
    await registry[Symbol.asyncDispose]();
  });
});

describe("faults of instances", () => {
  it("counts a request that the caller aborts against nobody", async () => {
    await services.start("one", () => {});
    await services.start("two", () => {});
    for (let turn = 0; turn < 12; turn += 1) {
      const controller = new AbortController();
      const asking = get(undefined, { signal: controller.signal });
      const picks = turn + 1;
      await until(() => counters()?.picks === picks);
      controller.abort();
      await expect(asking).rejects.toMatchObject({ name: "AbortError" });
    }
    expect(counters()?.ejections["consecutive-failures"]).toBe(0);
  });

  it("lets a removed instance finish its requests, gives it no new ones, and then closes its connections", async () => {
    const held: (() => void)[] = [];
    const one = await services.start("one", (_incoming, response) => {
      response.write("be");
      held.push(() => response.end("gun"));
    });
    const asking = Array.from({ length: 5 }, () => get());
    await until(() => held.length === 5);
    await services.start("two");
    await one.registration.deregister();
    await until(() => counters()?.instances.up === 1);
    for (let turn = 0; turn < 10; turn += 1) expect(await get()).toBe("two");
    for (const end of held) end();
    expect(await Promise.all(asking)).toEqual(Array(5).fill("begun"));
    expect(one.requests).toBe(5);
    await dispatcher.close();
  });

  it("loses no request when one of three is killed", async () => {
    const instances = await Promise.all(["one", "two", "three"].map((id) => services.start(id)));
    const results: Promise<string>[] = [];
    for (let turn = 0; turn < 300; turn += 1) {
      if (turn === 100) await instances[0]?.kill();
      results.push(get());
      if (turn % 10 === 0) await results.at(-1);
    }
    const answers = await Promise.all(results);
    expect(answers.every((answer) => ["one", "two", "three"].includes(answer))).toBe(true);
    expect(counters()?.ejected).toBe(1);
  });

  it("goes on with all instances when all of them fail (panic), and recovers", async () => {
    let healthy = false;
    const listener = (id: string) =>
      services.start(id, (_incoming, response) => void response.writeHead(healthy ? 200 : 500).end());
    await Promise.all(["one", "two", "three", "four"].map(listener));
    const clock = createFakeClock();
    await use({ clock, outliers: { maxEjectionPercent: 100 } });
    for (let turn = 0; turn < 60; turn += 1) await get();
    expect(counters()).toMatchObject({ panic: true, ejected: 3 });
    healthy = true;
    await clock.advance(40_000);
    for (let turn = 0; turn < 10; turn += 1) expect(await get()).toBe("");
    expect(counters()).toMatchObject({ panic: false, ejected: 0 });
  });

  it("spills into another zone when its own is emptied", async () => {
    const near = await services.start("near", undefined, { locality: { zone: "a" } });
    await services.start("far", undefined, { locality: { zone: "b" } });
    await use({ locality: { zone: "a" } });
    for (let turn = 0; turn < 10; turn += 1) expect(await get()).toBe("near");
    await near.registration.update({ state: "down" });
    await until(() => counters()?.instances.down === 1);
    for (let turn = 0; turn < 10; turn += 1) expect(await get()).toBe("far");
  });
});

describe("the end", () => {
  it("of the dispatcher waits for the requests under way and refuses more", async () => {
    const held: (() => void)[] = [];
    await services.start("one", (_incoming, response) => void held.push(() => response.end("late")));
    const asking = get();
    await until(() => held.length === 1);
    const closing = dispatcher.close();
    await expect(get()).rejects.toMatchObject({ code: "UND_ERR_CLOSED" });
    held[0]?.();
    expect(await asking).toBe("late");
    await closing;
    expect([dispatcher.closed, dispatcher.destroyed]).toEqual([true, false]);
  });

  it("by destroy ends the requests under way, those to removed instances too", async () => {
    let got = 0;
    const hold = () => {
      got += 1;
    };
    const one = await services.start("one", hold);
    const first = expect(get()).rejects.toMatchObject({ code: "UND_ERR_DESTROYED" });
    await until(() => got === 1);
    await services.start("two", hold);
    await one.registration.deregister();
    await until(() => counters()?.instances.up === 1);
    const second = expect(get()).rejects.toMatchObject({ code: "UND_ERR_DESTROYED" });
    await until(() => got === 2);
    await dispatcher.destroy();
    await Promise.all([first, second]);
  });

  it("of a large answer waits for a slow reader", async () => {
    await services.start("one", (_incoming, response) => void response.end(Buffer.alloc(8_000_000, "x")));
    const { body } = await request("http://users.service/", { dispatcher });
    await new Promise((resolve) => setImmediate(resolve));
    let size = 0;
    for await (const chunk of body) {
      size += (chunk as Buffer).length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(size).toBe(8_000_000);
  });
});
