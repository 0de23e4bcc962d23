import type { Snapshot } from "@plinth/discovery";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, plainAccess, removeSlice, slice } from "./cluster.fixture.ts";
import { openStage, type Stage } from "./stage.fixture.ts";

const a = { ip: "10.1.0.1", uid: "a" };
const b = { ip: "10.1.0.2", uid: "b" };

let stage: Stage;
let api: Stage["api"];
let clock: Stage["clock"];
let logged: Stage["logged"];
let connect: Stage["connect"];
let pass: Stage["pass"];

beforeEach(async () => {
  stage = await openStage();
  ({ api, clock, logged, connect, pass } = stage);
});

afterEach(() => stage[Symbol.asyncDispose]());

describe("a watch through ten minutes without an API server", () => {
  it("shows no gap and no phantom, says since when it is stale, and tries no more than it should", async () => {
    api.put(slice("users-1", [a, b]));
    const registry = connect();
    const watcher = registry.watch({ service: "users" });
    const seen: Snapshot[] = [];
    const following = (async () => {
      for await (const snapshot of watcher) seen.push(snapshot);
    })();
    await watcher.ready;
    await eventually("it watches", () => api.watches.length === 1);
    const before = clock.wallTime();
    const restore = await api.interrupt();
    await eventually("it is stale", () => watcher.current?.status === "stale");
    expect(watcher.current).toMatchObject({ staleSince: before, lastError: { code: "DISCOVERY_UNAVAILABLE" } });
    expect(registry.health().status).toBe("warn");
    await pass(600_000, 2_500);
    expect(watcher.current).toMatchObject({ status: "stale", staleSince: before, observedAt: before });
    expect(watcher.current?.instances).toHaveLength(2);
    expect((await registry.resolve({ service: "users" })).status).toBe("stale");

    // Meanwhile a pod went and another came, and the server has forgotten how.
    api.put(slice("users-1", [b, { ip: "10.1.0.3", uid: "c" }]));
    api.compact();
    await restore();
    const requestsBefore = api.requests.length;
    await pass(31_000);
    await eventually("it is live", () => watcher.current?.status === "live");
    expect(watcher.current?.instances.map(({ id }) => id.slice(0, 5))).toEqual(["pod-b", "pod-c"]);
    expect(watcher.current).not.toHaveProperty("staleSince");
    expect(registry.health()).toEqual({ status: "pass", messages: [] });
    // The watch from the old version, its 410, the list, the new watch.
    expect(api.requests.slice(requestsBefore).map(({ verb }) => verb)).toEqual(["watch", "list", "watch"]);
    await watcher[Symbol.asyncDispose]();
    await following;
    for (const { instances } of seen) expect(instances).toHaveLength(2);
    // One line of log for the whole absence.
    expect(logged).toHaveLength(1);
  });
});

describe("a token that is rotated", () => {
  it("midway costs nothing but one request: no fault shows", async () => {
    api.tokens.set("old", { name: "me" });
    let token = "old";
    const access = {
      ...plainAccess(api.url),
      credentials: async () => ({ headers: { authorization: `Bearer ${token}` }, tls }),
      renew() {
        token = "new";
      },
    };
    const tls = {};
    api.put(slice("users-1", [a]));
    const watcher = connect({ access }).watch({ service: "users" });
    const seen: string[] = [];
    const following = (async () => {
      for await (const { status } of watcher) seen.push(status);
    })();
    await watcher.ready;
    await eventually("it watches", () => api.watches.length === 1);
    api.tokens.clear();
    api.tokens.set("new", { name: "me" });
    await pass(60_000, 30_000);
    api.watches[0]?.end();
    await eventually("it watches again", () => api.watches.length === 1 && api.requests.length === 4);
    api.put(slice("users-2", [b]));
    await eventually("it follows", () => watcher.current?.instances.length === 2);
    await watcher[Symbol.asyncDispose]();
    await following;
    expect(new Set(seen)).toEqual(new Set(["live"]));
  });
});

describe("watchers", () => {
  it("of one service share one watch, and a consumer that throws ends no other", async () => {
    api.put(slice("users-1", [a]));
    const registry = connect();
    const watchers = [1, 2, 3].map(() => registry.watch({ service: "users" }));
    await Promise.all(watchers.map(({ ready }) => ready));
    const failing = (async () => {
      for await (const _ of watchers[0] ?? []) throw new RangeError("the consumer failed");
    })();
    await expect(failing).rejects.toThrow("the consumer failed");
    await eventually("it watches", () => api.watches.length === 1);
    api.put(slice("users-2", [b]));
    await eventually("the others follow", () =>
      watchers.slice(1).every(({ current }) => current?.instances.length === 2),
    );
    expect(api.requests.map(({ verb }) => verb)).toEqual(["list", "watch"]);
  });

  it("have ready rejected by a denial, and a snapshot once access is given", async () => {
    const heal = api.fail(({ verb }) =>
      verb === "list" ? { type: "status", code: 403, reason: "Forbidden", message: "no" } : undefined,
    );
    const watcher = connect().watch({ service: "users" });
    await expect(watcher.ready).rejects.toMatchObject({
      code: "DISCOVERY_DENIED",
      fix: expect.stringContaining("kind: Role"),
    });
    expect(watcher.current).toBeUndefined();
    heal();
    await pass(40_000, 5_000);
    await eventually("it is there", () => watcher.current?.status === "live");
  });

  it("see the emptied service as what it is", async () => {
    api.put(slice("users-1", [a]));
    const watcher = connect().watch({ service: "users" });
    await watcher.ready;
    await eventually("it watches", () => api.watches.length === 1);
    removeSlice(api, "users-1");
    await pass(200, 50);
    await eventually("it is empty", () => watcher.current?.instances.length === 0);
    expect(watcher.current?.status).toBe("live");
  });
});

describe("services", () => {
  it("are those of the namespace that have usable endpoints", async () => {
    api.put(slice("users-1", [a]));
    api.put(slice("orders-1", [b], { service: "orders" }));
    api.put(slice("orders-2", [a], { service: "orders" }));
    api.put(slice("empty-1", [], { service: "empty" }));
    api.put({
      ...slice("else-1", [a], { service: "else" }),
      metadata: { name: "else-1", namespace: "other", labels: { "kubernetes.io/service-name": "else" } },
    });
    expect(await connect().services()).toEqual(["orders", "users"]);
    expect(await connect({ namespace: "other" }).services()).toEqual(["else"]);
  });

  it("are refused with the Role, with an abort, and with the server's fault", async () => {
    const registry = connect();
    const heal = api.fail(() => ({ type: "status", code: 403, reason: "Forbidden" }));
    await expect(registry.services()).rejects.toMatchObject({ code: "DISCOVERY_DENIED" });
    heal();
    await expect(registry.services({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "DISCOVERY_ABORTED",
    });
    const restore = await api.interrupt();
    await expect(registry.services()).rejects.toMatchObject({ code: "DISCOVERY_UNAVAILABLE" });
    await restore();
    await registry[Symbol.asyncDispose]();
    await expect(registry.services()).rejects.toMatchObject({ code: "DISCOVERY_ABORTED" });
  });
});
