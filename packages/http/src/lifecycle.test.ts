import { AsyncLocalStorage } from "node:async_hooks";
import { defineModule } from "@plinth/module";
import { permissionsCapability } from "@plinth/permissions";
import { afterEach, describe, expect, test } from "vitest";
import { httpCapability } from "./capability.ts";
import { app, createDriver, Driver, urlOf } from "./driver.fixture.ts";
import { Http } from "./http.ts";
import { manualClock } from "./manual-clock.fixture.ts";
import { lastAnswer, rawClient } from "./raw-client.fixture.ts";

const open = { public: true } as const;
const hello = (text: string) => (http: Http) => http.get("/", open, () => text);

/** A module with one route that answers when it is told to. */
function holding(name: string) {
  let release: () => void = () => {};
  let arrived = 0;
  const held = new Promise<string>((resolve) => {
    release = () => resolve("held");
  });
  const module = app(name, (http) => {
    http.get("/", open, () => {
      arrived++;
      return held;
    });
    http.get("/quick", open, () => "quick");
    http.get("/stream", open, (_request, reply) => {
      arrived++;
      reply.raw.writeHead(200, { "content-type": "text/plain" });
      reply.raw.write("begun ");
      void held.then((text) => reply.raw.end(text));
      return reply;
    });
  });
  return { module, release, arrived: () => arrived };
}

describe("the host while modules come and go", () => {
  let driver: Driver;
  afterEach(async () => {
    if (driver.state !== "stopped") await driver.stop();
  });

  async function get(path: string) {
    const response = await fetch(urlOf(driver) + path);
    return { status: response.status, retryAfter: response.headers.get("retry-after"), text: await response.text() };
  }

  test("answers before the modules have started: live, not ready, 503 for their routes", async () => {
    let begun: () => void = () => {};
    const starting = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let finish: () => void = () => {};
    const slow = app("slow", hello("slow"), {
      lifecycle: (lifecycle) =>
        lifecycle.onStart(() => {
          begun();
          return new Promise<void>((resolve) => {
            finish = resolve;
          });
        }),
    });
    driver = createDriver([slow, app("later", hello("later"))]);
    const started = driver.start();
    await starting;
    expect((await get("/livez")).status).toBe(200);
    const unready = await get("/readyz");
    expect(unready).toMatchObject({ status: 503, retryAfter: "1" });
    expect(JSON.parse(unready.text)).toMatchObject({
      detail: "The platform is starting.",
      state: "starting",
      modules: [
        { name: "slow", state: "starting", critical: true, messages: [] },
        { name: "later", state: "planned" },
      ],
    });
    expect(await get("/slow")).toMatchObject({ status: 503, retryAfter: "1" });
    expect(JSON.parse((await get("/later")).text)).toEqual({
      type: "urn:plinth:problem:module-not-running",
      title: "Service Unavailable",
      status: 503,
      detail: "The module later is not running (planned).",
      module: "later",
    });
    finish();
    await started;
    expect(await get("/slow")).toMatchObject({ status: 200, text: "slow" });
    expect(await get("/later")).toMatchObject({ status: 200, text: "later" });
    expect((await get("/readyz")).status).toBe(200);
  });

  test("takes a module in, replaces it and lets it go while another serves without a failure", async () => {
    driver = createDriver([app("steady", hello("steady"))]);
    await driver.start();
    let going = true;
    const steady = (async () => {
      const statuses = new Set<number>();
      while (going) statuses.add((await get("/steady")).status);
      return [...statuses];
    })();
    expect((await get("/plugin")).status).toBe(404);
    driver.add(app("plugin", hello("one")));
    await driver.check();
    expect((await get("/plugin")).status).toBe(503);
    await driver.startModule("plugin");
    expect((await get("/plugin")).text).toBe("one");
    await driver.stopModule("plugin");
    expect((await get("/plugin")).status).toBe(503);
    driver.add(app("plugin", hello("two"), { manifest: { http: { prefix: "/moved" } } }));
    await driver.check();
    await driver.startModule("plugin");
    expect((await get("/moved")).text).toBe("two");
    expect((await get("/plugin")).status).toBe(404);
    await driver.stopModule("plugin");
    driver.remove("plugin");
    await driver.check();
    expect((await get("/moved")).status).toBe(404);
    going = false;
    expect(await steady).toEqual([200]);
  });

  test("a module whose prefix covers a running module's routes is refused", async () => {
    driver = createDriver([app("api", (http) => http.get("/tickets/:id", open, () => 1))]);
    await driver.start();
    driver.add(app("tickets", undefined, { manifest: { http: { prefix: "/api/tickets" } } }));
    await expect(driver.check()).rejects.toThrow(
      'the route GET /api/tickets/:id of module "api" lies under /api/tickets, the prefix of module "tickets"',
    );
    driver.remove("tickets");
  });

  test("a module that stops lets its requests end, and takes no more", async () => {
    const { module, release, arrived } = holding("tickets");
    driver = createDriver([module]);
    await driver.start();
    const inProgress = get("/tickets");
    await expect.poll(arrived).toBe(1);
    let stopped = false;
    const stopping = driver.stopModule("tickets").then(() => {
      stopped = true;
    });
    await expect.poll(async () => (await get("/tickets/quick")).status).toBe(503);
    expect(stopped).toBe(false);
    release();
    expect(await inProgress).toMatchObject({ status: 200, text: "held" });
    await stopping;
  });

  test("a module waits for its requests no longer than the drain timeout", async () => {
    const clock = manualClock();
    const { module, release, arrived } = holding("tickets");
    driver = createDriver([module], { drainTimeout: "5s" }, { clock });
    await driver.start();
    const inProgress = get("/tickets");
    await expect.poll(arrived).toBe(1);
    const stopping = driver.stopModule("tickets");
    await expect.poll(() => clock.pending).toEqual([5000]);
    clock.advance(5000);
    await stopping;
    release();
    expect((await inProgress).status).toBe(200);
  });

  test("nobody is signed in by a module that is not running: 503, and not 401", async () => {
    const signing = app("identity", (http) => http.authenticate(() => ({ id: "ann" })));
    const guarded = app("tickets", (http) => http.get("/", { authenticated: true }, ({ principal }) => principal.id));
    driver = createDriver([guarded, signing]);
    await driver.start();
    expect(await get("/tickets")).toMatchObject({ status: 200, text: "ann" });
    await driver.stopModule("identity");
    expect(JSON.parse((await get("/tickets")).text)).toMatchObject({ status: 503, module: "identity" });
    await driver.startModule("identity");
    expect((await get("/tickets")).status).toBe(200);
  });

  test("a handler runs in the asynchronous context in which its module was started", async () => {
    const attribution = new AsyncLocalStorage<string>();
    driver = createDriver([
      app("tickets", (http) => {
        http.get("/", open, async () => {
          await new Promise(setImmediate);
          return attribution.getStore();
        });
        http.post("/", open, () => attribution.getStore());
      }),
    ]);
    await attribution.run("http", () => driver.start());
    await driver.stopModule("tickets");
    await attribution.run("tickets", () => driver.startModule("tickets"));
    expect((await get("/tickets")).text).toBe("tickets");
    const posted = await fetch(`${urlOf(driver)}/tickets`, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(await posted.text()).toBe("tickets");
  });

  test("a module that takes the service under two names has one place for both", async () => {
    driver = createDriver([
      defineModule(
        { name: "a", version: "1.0.0" },
        {
          requires: { http: Http, web: Http },
          setup({ http, web }) {
            http.get("/one", open, () => "one");
            web.get("/two", open, () => "two");
          },
        },
      ),
    ]);
    await driver.start();
    expect([(await get("/a/one")).text, (await get("/a/two")).text]).toEqual(["one", "two"]);
  });

  test("tells where it listens, while it does", async () => {
    let http: Http | undefined;
    driver = createDriver([
      app("a", (own) => {
        http = own;
      }),
    ]);
    await driver.start();
    const address = http?.address();
    expect(address).toEqual({ host: "127.0.0.1", port: expect.any(Number), url: `http://127.0.0.1:${address?.port}` });
    expect(driver.logged(/^listening on http:\/\/127\.0\.0\.1:\d+$/)).toHaveLength(1);
    await driver.stop();
    expect(http?.address()).toBeUndefined();
  });
});

describe("the host while the platform stops", () => {
  test("is not ready at once, serves for the drain delay, and turns connections away meanwhile", async () => {
    const clock = manualClock();
    const driver = createDriver([app("a", hello("a"))], { drainDelay: "3s" }, { clock });
    await driver.start();
    const url = urlOf(driver);
    const client = await rawClient(url);
    client.write("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => lastAnswer(client.received()).body).toBe("a");
    const stopping = driver.stop();
    await expect.poll(() => clock.pending).toEqual([3000]);
    const unready = await fetch(`${url}/readyz`);
    expect(unready.status).toBe(503);
    expect(await unready.json()).toMatchObject({ state: "draining", detail: "The platform is draining." });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    client.write("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    await client.closed;
    expect(client.received().match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(lastAnswer(client.received()).head).toContain("Connection: close");
    clock.advance(3000);
    await stopping;
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });

  test("the drain delay ends early when the stop is aborted", async () => {
    const clock = manualClock();
    const capability = httpCapability({ clock });
    const driver = new Driver([permissionsCapability(), capability], { http: { port: 0, drainDelay: "1m" } });
    await driver.start();
    const controller = new AbortController();
    const draining = capability.extension?.drain?.(controller.signal);
    expect(clock.pending).toEqual([60_000]);
    const unready = await fetch(`${urlOf(driver)}/readyz`);
    expect([driver.state, unready.status]).toEqual(["running", 503]);
    expect(await unready.json()).toMatchObject({ state: "draining" });
    controller.abort();
    await draining;
    expect(clock.pending).toEqual([]);
    await driver.stopModule("http");
  });

  test("closes idle and silent connections, and lets requests in progress end", async () => {
    const { module, release, arrived } = holding("a");
    const driver = createDriver([module], { drainTimeout: "1m" });
    await driver.start();
    const url = urlOf(driver);
    const silent = await rawClient(url);
    const half = await rawClient(url);
    half.write("GET /a HTTP/1.1\r\nHo");
    const idle = await rawClient(url);
    idle.write("GET /a/quick HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => lastAnswer(idle.received()).body).toBe("quick");
    const busy = await rawClient(url);
    busy.write("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    const streaming = await rawClient(url);
    streaming.write("GET /a/stream HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(arrived).toBe(2);
    // Only the host stops here: a module's own stop would wait for its requests before.
    const stopping = driver.stopModule("http");
    await Promise.all([silent.closed, half.closed, idle.closed]);
    expect([busy.isClosed(), streaming.isClosed()]).toEqual([false, false]);
    release();
    await stopping;
    await Promise.all([busy.closed, streaming.closed]);
    expect(lastAnswer(busy.received())).toMatchObject({ status: 200, body: "held" });
    expect(streaming.received()).toMatch(/begun [\s\S]*held/);
  });

  test("closes what is still in progress after the drain timeout, and says how many", async () => {
    const clock = manualClock();
    const { module, arrived } = holding("a");
    const driver = createDriver([module], { drainTimeout: "4s" }, { clock });
    await driver.start();
    const client = await rawClient(urlOf(driver));
    client.write("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(arrived).toBe(1);
    const stopping = driver.stopModule("http");
    await expect.poll(() => clock.pending).toEqual([4000]);
    clock.advance(4000);
    await stopping;
    await client.closed;
    expect(client.received()).toBe("");
    expect(driver.logged("requests did not end in time: their connections are closed")).toMatchObject([
      { requests: 1 },
    ]);
    await expect.poll(() => driver.logged("request").at(-1)).toMatchObject({ path: "/a", status: 499 });
  });
});
