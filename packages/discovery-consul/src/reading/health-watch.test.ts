import { type RegistryError, registryError, type ServiceInstance, type SnapshotSink } from "@plinth/discovery";
import { createFakeClock } from "@plinth/testing/clock";
import { describe, expect, it } from "vitest";
import type { ConsulAnswer, ConsulClient, ConsulRequest } from "../client/consul-client.ts";
import { type ConsulOptions, checkOptions } from "../consul-options.ts";
import { openHealthWatches } from "./health-watch.ts";

type Reply = { readonly index?: number; readonly ids?: readonly string[]; readonly headers?: Record<string, string> };

/** A watch on a client that answers as `reply` says; a reply of `undefined` is never given. */
function setup(
  reply: (request: ConsulRequest, count: number) => Reply | RegistryError | undefined,
  options: ConsulOptions = {},
) {
  const clock = createFakeClock();
  const asked: {
    readonly at: number;
    readonly query: Readonly<Record<string, string | undefined>>;
    limitMs: number;
  }[] = [];
  const client: ConsulClient = {
    registry: "test",
    tokenVersion: 0,
    request(request) {
      asked.push({ at: clock.now(), query: request.query ?? {}, limitMs: request.limitMs ?? 0 });
      const said = reply(request, asked.length);
      if (said instanceof Error) return Promise.reject(said);
      if (said !== undefined) return Promise.resolve(answerOf(said));
      return new Promise((_resolve, reject) => {
        request.signal?.addEventListener("abort", () => reject(aborted), { once: true });
      });
    },
    close: async () => {},
  };
  const told: string[] = [];
  const revisions: string[] = [];
  const sink: SnapshotSink = {
    publish(instances: readonly ServiceInstance[], revision) {
      revisions.push(revision);
      told.push(`publish ${instances.map(({ id }) => id).join(" ")}`.trim());
    },
    confirm: () => void told.push("confirm"),
    fault: ({ code }) => void told.push(code),
  };
  const open = openHealthWatches(client, checkOptions({ clock, ...options }));
  const ending = new AbortController();
  return { clock, asked, told, revisions, sink, open, ending, ended: open("users", sink, ending.signal) };
}

function answerOf({ index = 1, ids = [], headers = {} }: Reply): ConsulAnswer {
  const all: Record<string, string> = { "x-consul-index": String(index), ...headers };
  return {
    status: 200,
    header: (name) => all[name],
    json: () =>
      ids.map((ID) => ({ Node: { Node: "n", Address: "192.0.2.1" }, Service: { ID, Service: "users", Port: 1 } })),
  };
}

const aborted = registryError("DISCOVERY_ABORTED", { action: "watch", reason: "test" });
const unavailable = registryError("DISCOVERY_UNAVAILABLE", { registry: "test", action: "watch", reason: "500" });
const throttled = registryError("DISCOVERY_THROTTLED", { registry: "test", reason: "429" });
const denied = registryError("DISCOVERY_DENIED", { registry: "test", action: "watch", reason: "403", grant: "read" });

const indexes = (asked: readonly { readonly query: Readonly<Record<string, string | undefined>> }[]) =>
  asked.map(({ query }) => query.index);

describe("a watch by blocking queries", () => {
  it("asks at once, then with the index of the last answer, for longer than the server may wait", async () => {
    const { clock, asked, told, ending, ended } = setup((_, count) =>
      count < 3 ? { index: 6 + count, ids: ["a"] } : undefined,
    );
    await clock.advance(10_000);
    expect(indexes(asked)).toEqual([undefined, "7", "8"]);
    expect(asked.map(({ limitMs }) => limitMs)).toEqual([8_000, 71_750, 71_750]);
    expect(asked[1]?.query).toMatchObject({ wait: "60000ms", stale: "" });
    expect(told).toEqual(["publish n/a", "publish n/a"]);
    ending.abort();
    await ended;
    expect(clock.pendingTimers).toBe(0);
  });

  it("confirms what is known when an answer has the index that was asked with", async () => {
    const { clock, told } = setup((_, count) => (count < 3 ? { index: 7, ids: ["a"] } : undefined));
    await clock.advance(10_000);
    expect(told).toEqual(["publish n/a", "confirm"]);
  });

  it("starts over at 0 with the leader when the index goes back, and never asks with less than 1 after an answer", async () => {
    const replies: Reply[] = [
      { index: 50, ids: ["a"] },
      { index: 20, ids: [] },
      { index: 0, ids: ["b"] },
      { index: 0 },
    ];
    const { clock, asked, told, revisions } = setup((_, count) => replies[count - 1]);
    await clock.advance(20_000);
    expect(indexes(asked)).toEqual([undefined, "50", undefined, "1", "1"]);
    expect(asked.map(({ query }) => "stale" in query)).toEqual([true, true, false, true, true]);
    expect(told).toEqual(["publish n/a", "publish n/b", "confirm"]);
    expect(new Set(revisions).size).toBe(2);
  });

  it("is bounded when the index goes back and forth for ever", async () => {
    const { clock, asked } = setup((_, count) => ({ index: count % 2 === 0 ? 5 : 500 }));
    await clock.advance(60_000);
    expect(asked.length).toBeLessThanOrEqual(2 + 30 + 1);
  });

  it("asks in a storm at most as often as the rate allows, and not later than the change where it is quiet", async () => {
    const { clock, asked } = setup((_, count) => ({ index: count, ids: [`i${count}`] }));
    await clock.advance(60_000);
    expect(asked.slice(0, 2).map(({ at }) => at)).toEqual([0, 0]);
    expect(asked.length).toBeLessThanOrEqual(2 + 30);
  });

  it("does not believe a server that is out of touch with its leader, and asks the leader", async () => {
    const headers = { "x-consul-knownleader": "true", "x-consul-lastcontact": "12000" };
    const replies: Reply[] = [
      { index: 9, ids: ["old"], headers },
      { index: 9, ids: ["new"] },
    ];
    const { clock, asked, told } = setup((_, count) => replies[count - 1]);
    await clock.advance(10_000);
    expect(told).toEqual(["DISCOVERY_BEHIND", "publish n/new"]);
    expect(asked.map(({ query }) => "stale" in query)).toEqual([true, false, true]);
    const leaderless = setup((_, count) =>
      count === 1 ? { headers: { "x-consul-knownleader": "false" } } : unavailable,
    );
    await leaderless.clock.advance(10_000);
    expect(leaderless.told.slice(0, 2)).toEqual(["DISCOVERY_BEHIND", "DISCOVERY_UNAVAILABLE"]);
  });

  it("reads from the leader only where the options say so", async () => {
    const { clock, asked } = setup(() => undefined, { reads: "consistent", datacenter: "dc2", filter: "a == b" });
    await clock.advance(1);
    expect(asked[0]?.query).toEqual({ dc: "dc2", filter: "a == b", consistent: "" });
  });

  it("takes no service for empty of which the token may see nothing", async () => {
    const headers = { "x-consul-results-filtered-by-acls": "true" };
    const { clock, told } = setup((_, count) =>
      count === 1 ? { index: 5, ids: ["a"] } : count === 2 ? { index: 6, headers } : undefined,
    );
    await clock.advance(5_000);
    expect(told).toEqual(["publish n/a", "DISCOVERY_DENIED"]);
  });
});

describe("a watch that fails", () => {
  it("begins anew without an index, after waits that grow to half a minute", async () => {
    const { clock, asked, told } = setup((_, count) => (count === 1 ? { index: 7 } : unavailable));
    await clock.advance(600_000);
    expect(indexes(asked).slice(0, 4)).toEqual([undefined, "7", undefined, undefined]);
    expect(asked.length).toBeGreaterThan(600 / 30);
    expect(asked.length).toBeLessThan(8 + 600 / 15);
    expect(told.slice(0, 3)).toEqual(["publish", "DISCOVERY_UNAVAILABLE", "DISCOVERY_UNAVAILABLE"]);
  });

  it("tries again soon after a 429, but no faster than the rate", async () => {
    const { clock, asked } = setup(() => throttled);
    await clock.advance(1_000);
    expect(asked.length).toBeGreaterThanOrEqual(2);
    await clock.advance(59_000);
    expect(asked.length).toBeLessThan(35);
    expect(asked.length).toBeGreaterThan(10);
  });

  it("tries again slowly after a 403", async () => {
    const { clock, asked, told } = setup(() => denied);
    await clock.advance(600_000);
    expect(asked.length).toBeLessThan(25);
    expect(asked.length).toBeGreaterThan(9);
    expect(new Set(told)).toEqual(new Set(["DISCOVERY_DENIED"]));
  });

  it("ends at a question that can never be answered", async () => {
    const invalid = registryError("DISCOVERY_INVALID", { reason: "filter" });
    const { ended } = setup(() => invalid);
    await expect(ended).rejects.toBe(invalid);
  });
});

describe("more watches than the agent shall hold", () => {
  it("are asked from time to time, until another one gives its slot back", async () => {
    const { clock, asked, ending, ended, open, sink } = setup(
      ({ query }) => (query?.index === undefined ? {} : undefined),
      {
        maxWatches: 1,
      },
    );
    await clock.advance(1);
    const second = new AbortController();
    const polling = open("tickets", sink, second.signal);
    await clock.advance(60_000);
    const polls = asked.slice(2);
    expect(polls.every(({ query }) => query.index === undefined)).toBe(true);
    expect(polls.length).toBeGreaterThanOrEqual(10);
    expect(polls.length).toBeLessThanOrEqual(16);
    ending.abort();
    await ended;
    await clock.advance(20_000);
    expect(asked.at(-1)?.query.index).toBe("1");
    second.abort();
    await polling;
    expect(clock.pendingTimers).toBe(0);
  });
});
