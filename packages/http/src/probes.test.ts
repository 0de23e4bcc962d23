import type { HealthCheck, ModuleHealth, PlatformHost } from "@plinth/module";
import { afterEach, describe, expect, test } from "vitest";
import { app, createDriver, type Driver, urlOf } from "./driver.fixture.ts";
import { createHealthProbe } from "./health-probe.ts";
import { manualClock } from "./manual-clock.fixture.ts";

const withHealth = (name: string, check: HealthCheck, critical = true) =>
  app(name, undefined, { manifest: { critical }, lifecycle: (lifecycle) => lifecycle.onHealth(check) });

describe("the endpoints for those who run the platform", () => {
  let driver: Driver;
  afterEach(() => driver.stop());

  async function get(path: string, init?: RequestInit) {
    const response = await fetch(urlOf(driver) + path, init);
    const text = await response.text();
    const json = response.headers.get("content-type")?.includes("json") && text !== "";
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      body: json ? JSON.parse(text) : text,
    };
  }

  test("/readyz is 200 when all is well, and 503 with names and reasons when a critical module is not", async () => {
    const checks = { db: undefined as Error | undefined, search: undefined as Error | undefined };
    const checking = (name: keyof typeof checks) => () => {
      if (checks[name] !== undefined) throw checks[name];
    };
    driver = createDriver([withHealth("db", checking("db")), withHealth("search", checking("search"), false)], {
      healthMaxAge: "0ms",
    });
    await driver.start();
    expect(await get("/readyz")).toEqual({
      status: 200,
      type: "application/json",
      body: { status: "ready", state: "running", modules: [], warnings: [] },
    });
    checks.search = new Error("the index is away");
    const search = { name: "search", state: "running", critical: false, messages: ["the index is away"] };
    expect(await get("/readyz")).toMatchObject({ status: 200, body: { status: "ready", modules: [search] } });
    checks.db = new Error("no connection");
    expect(await get("/readyz")).toEqual({
      status: 503,
      type: "application/problem+json",
      body: {
        type: "urn:plinth:problem:not-ready",
        title: "Service Unavailable",
        status: 503,
        detail: "A critical module has failed, or fails its health checks.",
        state: "running",
        modules: [{ name: "db", state: "running", critical: true, messages: ["no connection"] }, search],
        warnings: [],
      },
    });
    expect((await get("/readyz", { method: "HEAD" })).status).toBe(503);
  });

  test("/readyz shows warnings, and is 200 all the same", async () => {
    const warning = { status: "warn" as const, message: "the disk is nearly full" };
    driver = createDriver([withHealth("disk", () => warning)]);
    await driver.start();
    expect(await get("/readyz")).toMatchObject({
      status: 200,
      body: { modules: [], warnings: [{ name: "disk", messages: ["the disk is nearly full"] }] },
    });
  });

  test("a degraded platform is ready, and names what it lacks", async () => {
    driver = createDriver([app("a")]);
    await driver.start();
    driver.add(app("search", undefined, { manifest: { critical: false } }));
    driver.enter("degraded");
    expect(await get("/readyz")).toMatchObject({
      status: 200,
      body: { state: "degraded", modules: [{ name: "search", state: "planned", critical: false }] },
    });
    driver.remove("search");
  });

  test("a slow check holds up neither /livez nor the answer of /readyz beyond its timeout", async () => {
    const clock = manualClock();
    let aborted = false;
    driver = createDriver(
      [
        withHealth("slow", (signal) => {
          signal.addEventListener("abort", () => {
            aborted = true;
          });
          return new Promise(() => {});
        }),
      ],
      { healthTimeout: "5s" },
      { clock },
    );
    await driver.start();
    const asking = get("/readyz");
    await expect.poll(() => clock.pending).toEqual([5000]);
    expect(await get("/livez")).toEqual({ status: 200, type: "application/json", body: { status: "alive" } });
    clock.advance(5000);
    expect(await asking).toMatchObject({ status: 503, body: { detail: "The health checks did not end in time." } });
    expect(aborted).toBe(true);
  });

  test("a check that the platform cannot run is a 500 that says nothing, and is logged", async () => {
    driver = createDriver([]);
    await driver.start();
    driver.host.health = () => Promise.reject(new Error("secret"));
    const answer = await get("/readyz");
    expect(answer).toMatchObject({ status: 500, body: { title: "Internal Server Error", status: 500 } });
    expect(driver.logged("an endpoint of the platform failed")).toHaveLength(1);
  });

  test("a hundred probes at once, and more soon after, run the checks once", async () => {
    const clock = manualClock();
    let runs = 0;
    driver = createDriver([withHealth("a", () => void runs++)], { healthMaxAge: "1s" }, { clock });
    await driver.start();
    const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await get("/readyz")).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(runs).toBe(1);
    clock.advance(999);
    await get("/readyz");
    expect(runs).toBe(1);
    clock.advance(1);
    await get("/readyz");
    expect(runs).toBe(2);
  });

  test("can only be read", async () => {
    driver = createDriver([]);
    await driver.start();
    const response = await fetch(`${urlOf(driver)}/livez`, { method: "POST" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    await response.body?.cancel();
  });

  test("/metrics has the requests by route, the states, the start and the process, in no global registry", async () => {
    driver = createDriver([
      app("tickets", (http) => {
        http.get("/:id", { public: true }, () => "ok");
        http.get("/guarded", { authenticated: true }, () => "never");
      }),
    ]);
    await driver.start();
    for (const path of ["/tickets/1", "/tickets/2", "/tickets/guarded", "/tickets/a/b", "/nowhere", "/livez"])
      await get(path);
    await expect.poll(() => driver.logged("request").length).toBe(6);
    const { status, type, body } = await get("/metrics");
    expect(status).toBe(200);
    expect(type).toContain("text/plain; version=0.0.4");
    const counts = String(body)
      .split("\n")
      .filter((line) => line.startsWith("http_request_duration_seconds_count"));
    expect(counts).toEqual([
      'http_request_duration_seconds_count{module="tickets",route="/tickets/:id",method="GET",status="200"} 2',
      'http_request_duration_seconds_count{module="tickets",route="/tickets/guarded",method="GET",status="401"} 1',
      'http_request_duration_seconds_count{module="tickets",route="",method="GET",status="404"} 1',
      'http_request_duration_seconds_count{module="",route="",method="GET",status="404"} 1',
      'http_request_duration_seconds_count{module="",route="/livez",method="GET",status="200"} 1',
    ]);
    expect(body).toContain('plinth_module_state{module="tickets",state="running"} 1');
    expect(body).toContain('plinth_state{state="running"} 1');
    expect(body).toContain('plinth_module_start_seconds{module="tickets"} 0');
    expect(body).toContain("plinth_start_seconds 0");
    expect(body).toContain("process_cpu_seconds_total");
    expect((await get("/metrics")).status).toBe(200);
    const { register } = await import("prom-client");
    expect(await register.metrics()).toBe("\n");
  });
});

describe("the health probe", () => {
  test("shares one round among its callers, and keeps nothing of a round that failed for longer than a good one", async () => {
    const clock = manualClock();
    const rounds: PromiseWithResolvers<readonly ModuleHealth[]>[] = [];
    const health: PlatformHost["health"] = () => {
      const round = Promise.withResolvers<readonly ModuleHealth[]>();
      rounds.push(round);
      return round.promise;
    };
    const platform = { health } as PlatformHost;
    const probe = createHealthProbe(platform, { clock, maxAgeMs: 100, timeoutMs: 1000 });
    const [first, second] = [probe(), probe()];
    clock.advance(500);
    const third = probe();
    expect(rounds).toHaveLength(1);
    rounds[0]?.reject(new Error("broken"));
    for (const one of [first, second, third]) await expect(one).rejects.toThrow("broken");
    clock.advance(100);
    const next = probe();
    rounds[1]?.resolve([]);
    expect(await next).toEqual([]);
    expect(clock.pending).toEqual([]);
  });
});
