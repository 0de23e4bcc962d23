import { describe, expect, it } from "vitest";
import { eventually, removeSlice, slice } from "../cluster.fixture.ts";
import { startFollowing } from "./following.fixture.ts";

const a = { ip: "10.1.0.1", uid: "a" };
const b = { ip: "10.1.0.2", uid: "b" };
const c = { ip: "10.1.0.3", uid: "c" };
const ids = (...uids: string[]) => expect.arrayContaining(uids.map((uid) => expect.stringMatching(`^pod-${uid}\\.`)));

describe("following slices", () => {
  it("lists the slices of the service, then watches from the list's version", async () => {
    await using f = await startFollowing({ before: (api) => void api.put(slice("users-1", [a, b])) });
    await f.watching();
    const [list] = f.requests("list");
    const [watch] = f.requests("watch");
    expect(list?.path).toBe("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices");
    expect(Object.fromEntries(list?.query ?? [])).toEqual({
      labelSelector: "kubernetes.io/service-name=users",
      limit: "500",
    });
    expect(Object.fromEntries(watch?.query ?? [])).toEqual({
      watch: "true",
      allowWatchBookmarks: "true",
      labelSelector: "kubernetes.io/service-name=users",
      resourceVersion: String(f.api.revision),
      timeoutSeconds: "450",
    });
    expect(f.ids).toEqual(ids("a", "b"));
  });

  it("asks for watches of 5 to 10 minutes, at random", async () => {
    for (const [random, seconds] of [
      [0, "300"],
      [0.9999, "599"],
    ] as const) {
      await using f = await startFollowing({ random: () => random });
      await f.watching();
      expect(f.requests("watch")[0]?.query.get("timeoutSeconds")).toBe(seconds);
    }
  });

  it("publishes an empty service at once", async () => {
    await using f = await startFollowing();
    await eventually("something is published", () => f.published.length > 0);
    expect(f.ids).toEqual([]);
  });

  it("follows additions, changes, removals, and slices that are given to another service and back", async () => {
    await using f = await startFollowing();
    await f.watching();
    f.api.put(slice("users-1", [a, b]));
    await eventually("both show", () => f.ids?.length === 2);
    f.api.put(slice("users-1", [a, { ...b, ready: false, serving: true, terminating: true }]));
    await eventually("one drains", () => f.published.at(-1)?.instances.some(({ state }) => state === "draining"));
    f.api.put(slice("users-1", [a], { service: "other" }));
    await f.pass(200, 50);
    expect(f.ids).toEqual([]);
    f.api.put(slice("users-1", [a, c]));
    await eventually("they are back", () => f.ids?.length === 2);
    removeSlice(f.api, "users-1");
    await f.pass(200, 50);
    expect(f.ids).toEqual([]);
    expect(f.requests("list")).toHaveLength(1);
  });

  it("keeps the endpoints of two slices when the third is deleted", async () => {
    await using f = await startFollowing({
      before(api) {
        for (const [name, endpoint] of [
          ["x", a],
          ["y", b],
          ["z", c],
        ] as const)
          api.put(slice(name, [endpoint]));
      },
    });
    await f.watching();
    removeSlice(f.api, "y");
    await f.pass(200, 50);
    expect(f.ids).toEqual(ids("a", "c"));
    expect(f.ids).toHaveLength(2);
  });

  it("reads lists of many pages at one moment", async () => {
    const many = Array.from({ length: 1_203 }, (_, index) => ({
      ip: `10.${Math.floor(index / 62_500)}.${Math.floor(index / 250) % 250}.${(index % 250) + 1}`,
      uid: `u${index}`,
    }));
    await using f = await startFollowing({
      before(api) {
        for (const [index, endpoint] of many.entries()) api.put(slice(`users-${index}`, [endpoint]));
      },
    });
    await f.watching();
    expect(f.requests("list").map(({ query }) => query.has("continue"))).toEqual([false, true, true]);
    expect(f.published).toHaveLength(1);
    expect(f.ids).toHaveLength(1_203);
  });

  it("goes on from the version of the last bookmark when the server ends a watch, without a list", async () => {
    await using f = await startFollowing();
    await f.watching();
    f.api.advance(77);
    f.api.bookmark();
    await eventually("it is confirmed", () => f.told.at(-1)?.type === "confirmed");
    await f.pass(60_000, 30_000);
    f.api.watches[0]?.end();
    await eventually("it watches again", () => f.requests("watch").length === 2);
    expect(f.requests("watch")[1]?.query.get("resourceVersion")).toBe("77");
    expect(f.requests("list")).toHaveLength(1);
    expect(f.live).toBe(true);
  });

  it("does nothing in half a minute of quiet", async () => {
    await using f = await startFollowing();
    await f.watching();
    await f.pass(240_000, 30_000);
    expect(f.api.requests).toHaveLength(2);
    expect(f.live).toBe(true);
  });

  it("lists again when not even a bookmark came in a whole watch: its version may be from the future", async () => {
    await using f = await startFollowing();
    await f.watching();
    await f.pass(450_000, 30_000);
    f.api.watches[0]?.end();
    await eventually("it lists again", () => f.requests("list").length === 2);
    expect(f.requests("list")[1]?.query.get("resourceVersionMatch")).toBe("NotOlderThan");
  });

  it("opens no watch when it is closed during the list", async () => {
    await using f = await startFollowing({
      before(api) {
        api.fail(({ verb }) =>
          verb === "list" ? { type: "delay", until: new Promise((done) => setTimeout(done, 30)) } : undefined,
        );
      },
    });
    await eventually("the list has begun", () => f.requests("list").length === 1);
    await f.end();
    await new Promise((done) => setTimeout(done, 60));
    expect(f.requests("watch")).toHaveLength(0);
    expect(f.told).toEqual([]);
    expect(f.clock.pendingTimers).toBe(0);
  });

  it("leaves no timer and no connection behind", async () => {
    await using f = await startFollowing();
    await f.watching();
    await f.end();
    expect(f.clock.pendingTimers).toBe(0);
    await eventually("the watch has ended", () => f.api.watches.length === 0);
  });
});

describe("a removal", () => {
  it("of an endpoint that was up waits a moment, for it may only move to another slice", async () => {
    await using f = await startFollowing({ before: (api) => void api.put(slice("users-1", [a, b])) });
    await f.watching();
    f.api.put(slice("users-1", [b]));
    await eventually("the event came", () => f.published.length > 1);
    expect(f.ids).toEqual(ids("a", "b"));
    f.api.put(slice("users-2", [a]));
    await eventually("it came too", () => f.published.length > 2);
    expect(f.ids).toHaveLength(2);
    await f.pass(1_000, 100);
    expect(f.ids).toEqual(ids("a", "b"));
    expect(new Set(f.published.map(({ revision }) => revision)).size).toBe(f.published.length);
  });

  it("shows after the moment when it was one", async () => {
    await using f = await startFollowing({ before: (api) => void api.put(slice("users-1", [a, b])) });
    await f.watching();
    f.api.put(slice("users-1", [b]));
    await eventually("the event came", () => f.published.length > 1);
    await f.pass(100, 100);
    expect(f.ids).toEqual(ids("b"));
    expect(f.ids).toHaveLength(1);
  });

  it("that a list shows needs no moment", async () => {
    await using f = await startFollowing({ before: (api) => void api.put(slice("users-1", [a, b])) });
    await f.watching();
    f.api.put(slice("users-1", [b]));
    await eventually("the event came", () => f.published.length > 1);
    expect(f.ids).toHaveLength(2);
    f.api.watches[0]?.fail(410, "Expired");
    await eventually("the list came", () => f.ids?.length === 1);
    expect(f.clock.now()).toBe(0);
  });

  it("of a draining endpoint shows at once", async () => {
    const draining = { ...a, ready: false, serving: true, terminating: true };
    await using f = await startFollowing({ before: (api) => void api.put(slice("users-1", [draining, b])) });
    await f.watching();
    f.api.put(slice("users-1", [b]));
    await eventually("it is gone", () => f.ids?.length === 1);
  });
});
