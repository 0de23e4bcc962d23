import { createFakeClock } from "@plinth/testing/clock";
import { expect, it } from "vitest";
import { registryError } from "../port/registry-error.ts";
import type { ServiceInstance } from "../port/service-instance.ts";
import type { SnapshotSink } from "./snapshot-sink.ts";
import { createWatchHub, type WatchHubOptions } from "./watch-hub.ts";

const away = registryError("DISCOVERY_UNAVAILABLE", { registry: "test", action: "watch", reason: "away" });
const denied = registryError("DISCOVERY_DENIED", { registry: "test", action: "watch", reason: "no", grant: "read" });
const invalid = registryError("DISCOVERY_INVALID", { reason: "no such thing" });

function instance(id: string, change: Partial<ServiceInstance> = {}): ServiceInstance {
  return { id, service: "users", endpoints: [], state: "up", weight: 1, tags: [], metadata: {}, ...change };
}

/** A hub whose upstreams are driven by the test. */
function setup(options: Partial<WatchHubOptions> = {}) {
  const clock = createFakeClock();
  const opened: { service: string; sink: SnapshotSink; signal: AbortSignal; end: PromiseWithResolvers<void> }[] = [];
  const hub = createWatchHub({
    registry: "test",
    clock,
    backoff: { minMs: 100, jitter: 0 },
    open(service, sink, signal) {
      const end = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => end.resolve(), { once: true });
      opened.push({ service, sink, signal, end });
      return end.promise;
    },
    ...options,
  });
  return { clock, hub, opened, last: () => opened.at(-1) as (typeof opened)[number] };
}

it("opens one upstream however many watch, keeps it a while, and closes it", async () => {
  const { clock, hub, opened, last } = setup({ lingerMs: 1_000 });
  const watchers = Array.from({ length: 5 }, () => hub.watch({ service: "users", tags: ["x"] }));
  last().sink.publish([instance("a")], "1");
  await Promise.all(watchers.map((watcher) => watcher.ready));
  expect((await hub.resolve({ service: "users" })).instances).toHaveLength(1);
  expect(opened).toHaveLength(1);
  for (const watcher of watchers) await watcher[Symbol.asyncDispose]();
  await clock.advance(999);
  expect(hub.watch({ service: "users" }).current?.instances).toHaveLength(1);
  expect(opened).toHaveLength(1);
  await clock.advance(5_000);
  expect([hub.upstreams, last().signal.aborted]).toEqual([1, false]);
  await hub[Symbol.asyncDispose]();
  expect([hub.upstreams, last().signal.aborted]).toEqual([0, true]);
  expect(clock.pendingTimers).toBe(0);
});

it("closes an upstream after its last watcher has been gone for the whole while", async () => {
  const { clock, hub, last } = setup({ lingerMs: 1_000 });
  const controller = new AbortController();
  hub.watch({ service: "users" }, { signal: controller.signal });
  controller.abort();
  await clock.advance(1_000);
  expect([hub.upstreams, last().signal.aborted]).toEqual([0, true]);
});

it("keeps an upstream for a while after a resolve, so that the next one need not ask", async () => {
  const { clock, hub, opened, last } = setup({ lingerMs: 1_000 });
  const answer = hub.resolve({ service: "users" });
  last().sink.publish([instance("a")], "1");
  await answer;
  await clock.advance(999);
  await hub.resolve({ service: "users" });
  expect([opened.length, last().signal.aborted]).toEqual([1, false]);
  await clock.advance(1_000);
  expect([hub.upstreams, last().signal.aborted]).toEqual([0, true]);
});

it("marks as stale from the first fault on, keeps the instances, and is live again on the next word", async () => {
  const { clock, hub, last } = setup();
  const watcher = hub.watch({ service: "users" });
  last().sink.publish([instance("a")], "1");
  const first = await watcher.ready;
  await clock.advance(500);
  last().sink.fault(away);
  await clock.advance(500);
  last().sink.fault(denied);
  expect(watcher.current).toMatchObject({
    instances: first.instances,
    status: "stale",
    observedAt: first.observedAt,
    staleSince: first.observedAt + 500,
    lastError: { code: "DISCOVERY_DENIED" },
  });
  expect(hub.complaints()).toEqual([expect.stringContaining('"users" may be old')]);
  last().sink.confirm();
  expect(watcher.current).toMatchObject({ status: "live", observedAt: first.observedAt + 1_000 });
  expect(watcher.current).not.toHaveProperty("staleSince");
  expect(hub.complaints()).toEqual([]);
});

it("wakes nobody when nothing has changed, but keeps the time of the last word", async () => {
  const { clock, hub, last } = setup();
  const watcher = hub.watch({ service: "users" });
  last().sink.publish([instance("a"), instance("b")], "1");
  const iterator = watcher[Symbol.asyncIterator]();
  const first = (await iterator.next()).value;
  let woken = false;
  const next = iterator.next().then((result) => {
    woken = true;
    return result;
  });
  await clock.advance(10);
  last().sink.publish([instance("b"), instance("a")], "2");
  last().sink.confirm();
  await clock.advance(10);
  expect(woken).toBe(false);
  expect(watcher.current).toMatchObject({ revision: "2", observedAt: (first?.observedAt ?? 0) + 10 });
  last().sink.publish([instance("b")], "3");
  expect((await next).value?.instances.map(({ id }) => id)).toEqual(["b"]);
});

it("opens an upstream again that ended or failed, with growing waits, and keeps what was known", async () => {
  const { clock, hub, opened, last } = setup();
  const watcher = hub.watch({ service: "users" });
  last().sink.publish([instance("a")], "1");
  last().end.reject(new TypeError("a bug in the adapter"));
  await clock.advance(0);
  expect(watcher.current).toMatchObject({ status: "stale", lastError: { code: "DISCOVERY_UNAVAILABLE" } });
  expect(watcher.current?.lastError?.cause).toBeInstanceOf(TypeError);
  await clock.advance(100);
  expect(opened).toHaveLength(2);
  last().end.resolve();
  await clock.advance(199);
  expect(opened).toHaveLength(2);
  await clock.advance(1);
  expect(opened).toHaveLength(3);
  last().sink.publish([instance("a")], "1");
  expect(watcher.current).toMatchObject({ status: "live", instances: [{ id: "a" }] });
});

it("rejects ready when access is denied, and goes on to watch", async () => {
  const { hub, last } = setup();
  const watcher = hub.watch({ service: "users" });
  last().sink.fault(away);
  last().sink.fault(denied);
  await expect(watcher.ready).rejects.toBe(denied);
  const late = hub.watch({ service: "users" });
  await expect(late.ready).rejects.toBe(denied);
  await expect(hub.resolve({ service: "users" })).rejects.toBe(denied);
  last().sink.publish([], "1");
  expect([watcher.current?.status, late.current?.status]).toEqual(["live", "live"]);
});

it("ends all watchers of a service whose query is invalid, and asks anew for the next one", async () => {
  const { hub, opened, last, clock } = setup();
  const watcher = hub.watch({ service: "users" });
  const iterating = watcher[Symbol.asyncIterator]().next();
  last().end.reject(invalid);
  // Who asks again at once must not join what has just failed.
  const next = watcher.ready.catch(() => hub.watch({ service: "users" }));
  await expect(iterating).rejects.toBe(invalid);
  await next;
  expect(opened).toHaveLength(2);
  last().end.reject(invalid);
  await expect(watcher.ready).rejects.toBe(invalid);
  await clock.advance(10_000);
  expect(opened).toHaveLength(2);
  hub.watch({ service: "users" });
  expect(opened).toHaveLength(3);
});

it("bounds the wait of resolve, and says what was waited for", async () => {
  const { clock, hub, last } = setup({ resolveTimeoutMs: 5_000 });
  const nothing = expect(hub.resolve({ service: "users" })).rejects.toMatchObject({
    code: "DISCOVERY_TIMEOUT",
    message: 'the registry at test did not resolve "users" within 5000 ms',
  });
  await clock.advance(5_000);
  await nothing;
  last().sink.publish([instance("a")], "1");
  last().sink.fault(away);
  await clock.advance(2_000);
  expect(await hub.resolve({ service: "users" }, { maxStaleMs: 2_000 })).toMatchObject({ status: "stale" });
  const old = expect(hub.resolve({ service: "users" }, { maxStaleMs: 1_000 })).rejects.toMatchObject({
    code: "DISCOVERY_STALE",
    message: 'what is known of service "users" is 7000 ms old, more than the 1000 ms allowed',
  });
  await clock.advance(5_000);
  await old;
  const waiting = hub.resolve({ service: "users" }, { maxStaleMs: 1_000 });
  last().sink.confirm();
  expect(await waiting).toMatchObject({ status: "live" });
});

it("takes no word of an upstream that was closed", async () => {
  const { hub, last } = setup({ lingerMs: 0 });
  const watcher = hub.watch({ service: "users" });
  const { sink } = last();
  await hub[Symbol.asyncDispose]();
  sink.publish([instance("a")], "1");
  sink.fault(away);
  expect(watcher.current).toBeUndefined();
  await expect(watcher.ready).rejects.toMatchObject({ code: "DISCOVERY_ABORTED" });
});

it("spreads clients that lost the registry at the same moment over half of the wait", async () => {
  const { clock } = setup();
  const opened: number[] = [];
  const hubs = Array.from({ length: 200 }, () =>
    createWatchHub({
      registry: "test",
      clock,
      backoff: { minMs: 1_000 },
      async open() {
        opened.push(clock.now());
        throw away;
      },
    }),
  );
  for (const hub of hubs) hub.watch({ service: "users" });
  expect(opened).toHaveLength(200);
  opened.length = 0;
  await clock.advance(1_000);
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => opened.filter((at) => Math.min(9, Math.floor((at - 500) / 50)) === tenth).length,
  );
  expect(opened).toHaveLength(200);
  expect(Math.min(...opened)).toBeGreaterThanOrEqual(500);
  // 20 are expected in each tenth; none at all has a chance below one in a hundred million.
  expect(Math.min(...tenths)).toBeGreaterThan(0);
  await Promise.all(hubs.map((hub) => hub[Symbol.asyncDispose]()));
});
