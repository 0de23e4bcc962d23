import { createFakeClock } from "@plinth/testing/clock";
import { describe, expect, it } from "vitest";
import { createDiscoveryCounters } from "../observing/counters.ts";
import type { ServiceInstance } from "../port/service-instance.ts";
import { Balancer, type BalancerOptions } from "./balancer.ts";
import { instance, seededRandom, snapshot } from "./instances.fixture.ts";
import type { Target } from "./target.ts";

function setup(instances: readonly ServiceInstance[], options: BalancerOptions = {}) {
  const clock = createFakeClock();
  const counters = createDiscoveryCounters();
  const removed: string[] = [];
  const balancer = new Balancer("users", ({ endpoints }) => endpoints[0], {
    clock,
    observer: counters,
    random: seededRandom(7),
    onRemoved: (target) => removed.push(target.instance.id),
    ...options,
  });
  balancer.apply(snapshot(instances));
  /** Picks so often without ending a request; how often each was picked. */
  const pickMany = (count: number, ended = true): Record<string, number> => {
    const picks: Record<string, number> = {};
    for (let turn = 0; turn < count; turn += 1) {
      const target = balancer.pick();
      if (target === undefined) continue;
      picks[target.instance.id] = (picks[target.instance.id] ?? 0) + 1;
      if (ended) balancer.done(target, "ignored", 1);
    }
    return picks;
  };
  const target = (id: string): Target => balancer.targets.find((other) => other.instance.id === id) as Target;
  /** Ends requests of one target that were picked elsewhere. */
  const finish = (id: string, outcome: "success" | "failure", count = 1): void => {
    for (let turn = 0; turn < count; turn += 1) {
      const of = target(id);
      of.inFlight += 1;
      balancer.done(of, outcome, 1);
    }
  };
  return { clock, balancer, counters, removed, pickMany, target, finish, figures: () => counters.services()[0] };
}

const ids = (count: number, prefix = "i"): ServiceInstance[] =>
  Array.from({ length: count }, (_, index) => instance(`${prefix}${index}`));

describe("spreading", () => {
  it("keeps requests in flight level", () => {
    const { pickMany, balancer } = setup(ids(10));
    pickMany(10_000, false);
    const loads = balancer.targets.map(({ inFlight }) => inFlight);
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThan(10);
  });

  it("gives by weight, idle as well as busy", () => {
    const weighted = [instance("a", { weight: 1 }), instance("b", { weight: 2 }), instance("c", { weight: 7 })];
    const idle = setup(weighted).pickMany(20_000);
    const busy = setup(weighted).pickMany(20_000, false);
    for (const picks of [idle, busy]) {
      for (const { id, weight } of weighted)
        expect(Math.abs((picks[id] ?? 0) / 20_000 - weight / 10)).toBeLessThan(0.02);
    }
  });

  it("avoids the one that answers slowly, since its requests stay in flight", () => {
    const { balancer, target } = setup(ids(3));
    for (let turn = 0; turn < 300; turn += 1) {
      const picked = balancer.pick() as Target;
      if (picked.instance.id !== "i0") balancer.done(picked, "success", 1);
    }
    expect(target("i0").inFlight).toBeLessThanOrEqual(2);
  });

  it("picks another one than those that the request was sent to, as long as there is one", () => {
    const { balancer, target } = setup(ids(50));
    const tried = balancer.targets.filter(({ instance: { id } }) => id !== "i31");
    for (let turn = 0; turn < 20; turn += 1) expect(balancer.pick(tried)).toBe(target("i31"));
    expect(balancer.pick(balancer.targets)).toBeDefined();
  });

  it("learns latencies with peak-ewma: a slow answer counts at once and is forgotten with time", async () => {
    const { clock, balancer, pickMany, target } = setup(ids(2), { policy: "peak-ewma" });
    const learn = (id: string, ms: number): void => {
      target(id).inFlight += 1;
      balancer.done(target(id), "success", ms);
    };
    await clock.advance(1);
    for (const id of ["i0", "i1"]) learn(id, 10);
    learn("i0", 1_000);
    expect(pickMany(100)).toEqual({ i1: 100 });
    await clock.advance(120_000);
    learn("i1", 10);
    expect(target("i0").latency).toBe(1_000);
    expect(pickMany(100)).toEqual({ i0: 100 });
  });

  it("tries an instance of unknown latency when it is idle, and spares it until the first answer", () => {
    const { balancer, target } = setup(ids(2), { policy: "peak-ewma" });
    target("i0").inFlight += 1;
    balancer.done(target("i0"), "success", 10);
    expect(balancer.pick()).toBe(target("i1"));
    for (let turn = 0; turn < 5; turn += 1) expect(balancer.pick()).toBe(target("i0"));
  });
});

describe("states", () => {
  it("picks those that are up, and the others by their worth only when none is", () => {
    const { balancer, pickMany, figures } = setup([
      instance("up"),
      instance("warning", { state: "warning" }),
      instance("draining", { state: "draining" }),
      instance("down", { state: "down" }),
    ]);
    const without = (...gone: string[]): void =>
      balancer.apply(
        snapshot(
          (["up", "warning", "draining", "down"] as const).map((state) =>
            instance(state, { state: gone.includes(state) ? "down" : state }),
          ),
        ),
      );
    expect(pickMany(50)).toEqual({ up: 50 });
    expect(figures()?.instances).toEqual({ up: 1, warning: 1, draining: 1, down: 1 });
    without("up");
    expect(pickMany(50)).toEqual({ warning: 50 });
    without("up", "warning");
    expect(pickMany(50)).toEqual({ draining: 50 });
    expect(balancer.panic).toBe(false);
    without("up", "warning", "draining");
    expect(Object.keys(pickMany(200))).toHaveLength(4);
    expect(figures()?.panic).toBe(true);
    balancer.apply(snapshot([instance("up")]));
    expect(balancer.panic).toBe(false);
  });

  it("takes warning for up where the caller says so", () => {
    const { pickMany } = setup([instance("a"), instance("b", { state: "warning" })], { warning: true });
    expect(Object.keys(pickMany(100)).sort()).toEqual(["a", "b"]);
  });

  it("leaves out instances without the endpoint", () => {
    const { pickMany } = setup([instance("a"), instance("b", { endpoints: [] })]);
    expect(pickMany(50)).toEqual({ a: 50 });
  });
});

describe("zones", () => {
  const inZone = (zone: string, count: number): ServiceInstance[] =>
    ids(count, zone).map((each) => ({ ...each, locality: { zone } }));
  const locality = { zone: "a" };

  it("prefers its own zone", () => {
    const { pickMany } = setup([...inZone("a", 2), ...inZone("b", 5)], { locality });
    expect(Object.keys(pickMany(500)).sort()).toEqual(["a0", "a1"]);
  });

  it("spills into other zones when its own is emptied, and comes back", () => {
    const { balancer, pickMany } = setup([...inZone("a", 2), ...inZone("b", 2)], { locality });
    balancer.apply(snapshot(inZone("b", 2)));
    expect(Object.keys(pickMany(100)).sort()).toEqual(["b0", "b1"]);
    balancer.apply(snapshot([...inZone("a", 1), ...inZone("b", 2)]));
    expect(pickMany(100)).toEqual({ a0: 100 });
  });

  it("spills when all of its own zone is ejected or down", () => {
    const { finish, pickMany } = setup([...inZone("a", 1), ...inZone("b", 5)], { locality });
    finish("a0", "failure", 5);
    expect(pickMany(100).a0).toBeUndefined();
  });

  it("spills what its own zone cannot carry, in proportion to weight", () => {
    const { pickMany } = setup([...inZone("a", 2), ...inZone("b", 2).map((each) => ({ ...each, weight: 2 }))], {
      locality,
      spillAt: 10,
    });
    expect(pickMany(20, false)).toEqual({ a0: 10, a1: 10 });
    const more = pickMany(100, false);
    expect((more.b0 ?? 0) + (more.b1 ?? 0)).toBeGreaterThan(50);
    expect(Math.abs((more.b0 ?? 0) - (more.b1 ?? 0))).toBeLessThan(20);
  });

  it("follows hints when every ready endpoint has them, and disregards them otherwise", () => {
    const hinted = (id: string, zone: string, hint: string): ServiceInstance =>
      instance(id, { locality: { zone, hintZones: [hint] } });
    const all = [hinted("x", "b", "a"), hinted("y", "a", "b"), instance("gone", { state: "down" })];
    const { balancer, pickMany } = setup(all, { locality });
    expect(pickMany(50)).toEqual({ x: 50 });
    balancer.apply(snapshot([...all, instance("z", { locality: { zone: "b" } })]));
    expect(pickMany(50)).toEqual({ y: 50 });
  });
});

describe("ejection", () => {
  it("ejects after five failures in a row, at once, for the base time and longer each time", async () => {
    const { clock, finish, pickMany, target, figures } = setup(ids(3));
    finish("i0", "failure", 4);
    finish("i0", "success");
    finish("i0", "failure", 4);
    expect(target("i0").ejected).toBe(false);
    finish("i0", "failure");
    expect(Object.keys(pickMany(200)).sort()).toEqual(["i1", "i2"]);
    await clock.advance(29_999);
    finish("i1", "success");
    expect(target("i0").ejected).toBe(true);
    await clock.advance(10_001);
    finish("i1", "success");
    expect(Object.keys(pickMany(200)).sort()).toEqual(["i0", "i1", "i2"]);
    finish("i0", "failure", 5);
    expect(target("i0").ejectedUntil - clock.now()).toBe(60_000);
    expect(figures()).toMatchObject({ ejected: 1, ejections: { "consecutive-failures": 2 } });
  });

  it("forgives with each quiet interval, and no ejection lasts longer than the limit", async () => {
    const { clock, finish, target } = setup(ids(3), {
      outliers: { baseEjectionMs: 30_000, maxEjectionMs: 70_000, intervalMs: 10_000 },
    });
    const ejectionOf = (): number => {
      finish("i0", "failure", 5);
      return target("i0").ejectedUntil - clock.now();
    };
    const rest = async (ms: number): Promise<void> => {
      await clock.advance(ms);
      finish("i1", "success");
    };
    const times: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      times.push(ejectionOf());
      await rest(70_000);
    }
    expect(times).toEqual([30_000, 60_000, 70_000, 70_000]);
    for (let turn = 0; turn < 4; turn += 1) await rest(10_000);
    expect(ejectionOf()).toBe(30_000);
  });

  it("ejects no more than its part, but one always, and never the last", () => {
    const ten = setup(ids(10));
    ten.finish("i0", "failure", 5);
    ten.finish("i1", "failure", 20);
    expect(ten.balancer.targets.filter(({ ejected }) => ejected)).toHaveLength(1);
    const twenty = setup(ids(20));
    for (const each of ["i0", "i1", "i2"]) twenty.finish(each, "failure", 5);
    expect(twenty.balancer.targets.filter(({ ejected }) => ejected)).toHaveLength(2);
    const two = setup(ids(2), { outliers: { maxEjectionPercent: 100 } });
    for (const each of ["i0", "i1"]) two.finish(each, "failure", 50);
    expect(two.balancer.targets.filter(({ ejected }) => ejected)).toHaveLength(1);
    const one = setup(ids(1));
    one.finish("i0", "failure", 50);
    expect(one.pickMany(10)).toEqual({ i0: 10 });
  });

  it("ejects by success rate: 1.9 standard deviations below the mean, five hosts with 100 requests each", async () => {
    const rates = async (hosts: number, volume: number) => {
      const { clock, finish, balancer } = setup(ids(hosts), { outliers: { consecutiveFailures: 0 } });
      for (let host = 1; host < hosts; host += 1) finish(`i${host}`, "success", volume);
      finish("i0", "success", volume / 2);
      finish("i0", "failure", volume / 2);
      await clock.advance(10_000);
      finish("i1", "success");
      return balancer.targets.filter(({ ejected }) => ejected).map(({ instance: { id } }) => id);
    };
    expect(await rates(5, 100)).toEqual(["i0"]);
    expect(await rates(4, 100)).toEqual([]);
    expect(await rates(5, 98)).toEqual([]);
  });

  it("ejects by failure percentage: over 85 %, five hosts with 50 requests each", async () => {
    const percentage = async (failures: number) => {
      const { clock, finish, counters } = setup(ids(5), { outliers: { consecutiveFailures: 0, successRate: false } });
      for (let host = 1; host < 5; host += 1) finish(`i${host}`, "success", 60);
      finish("i0", "failure", failures);
      finish("i0", "success", 60 - failures);
      await clock.advance(10_000);
      finish("i1", "success");
      return counters.services()[0]?.ejections["failure-percentage"];
    };
    expect(await percentage(51)).toBe(0);
    expect(await percentage(52)).toBe(1);
  });

  it("picks all of them when too few are left (panic), and stops doing so", async () => {
    const { clock, finish, balancer, pickMany, figures } = setup(ids(4), { outliers: { maxEjectionPercent: 100 } });
    finish("i0", "failure", 5);
    finish("i1", "failure", 5);
    expect([balancer.panic, Object.keys(pickMany(200)).sort()]).toEqual([false, ["i2", "i3"]]);
    finish("i2", "failure", 5);
    expect(balancer.panic).toBe(true);
    expect(Object.keys(pickMany(200))).toHaveLength(4);
    expect(figures()?.panic).toBe(true);
    await clock.advance(40_000);
    finish("i3", "success");
    expect(balancer.panic).toBe(false);
    expect(figures()).toMatchObject({ ejected: 0, panic: false });
  });

  it("can be turned off", () => {
    const { finish, pickMany } = setup(ids(2), { outliers: false });
    finish("i0", "failure", 1_000);
    expect(Object.keys(pickMany(100))).toHaveLength(2);
  });

  it("does not hold it against an instance when the caller gave up", () => {
    const { balancer, target } = setup(ids(2));
    for (let turn = 0; turn < 20; turn += 1) balancer.done(balancer.pick() as Target, "ignored", 1);
    expect([target("i0").failures, target("i0").inFlight]).toEqual([0, 0]);
  });
});

describe("snapshots", () => {
  it("keep what is known of an address that stays, and forget it when the address changes", () => {
    const { balancer, finish, target } = setup(ids(3));
    finish("i0", "failure", 3);
    const before = target("i0");
    balancer.apply(snapshot([instance("i0", { weight: 5 }), instance("i1")]));
    expect([target("i0") === before, target("i0").weight]).toEqual([true, 5]);
    const moved = { endpoints: [{ name: "http", protocol: "http", host: "other", port: 80 }] };
    balancer.apply(snapshot([instance("i0", moved), instance("i1")]));
    expect([target("i0") === before, before.removed, target("i0").failures]).toEqual([false, true, 0]);
  });

  it("let a removed instance finish what it has, and give it nothing new", () => {
    const { balancer, removed, pickMany } = setup(ids(2));
    const picked = [balancer.pick(), balancer.pick(), balancer.pick()] as Target[];
    const leaving = picked[0] as Target;
    balancer.apply(snapshot(ids(2).filter(({ id }) => id !== leaving.instance.id)));
    expect(removed).toEqual([leaving.instance.id]);
    expect(pickMany(50)).not.toHaveProperty(leaving.instance.id);
    for (const each of picked) balancer.done(each, "success", 1);
    expect(leaving.inFlight).toBe(0);
  });

  it("that lose all instances at once are doubted for a while", async () => {
    const { clock, balancer, removed, pickMany } = setup(ids(2), { emptyGraceMs: 10_000 });
    balancer.apply(snapshot([]));
    balancer.apply({ ...snapshot([]), status: "stale", staleSince: 1 });
    expect([Object.keys(pickMany(50)).length, balancer.panic]).toEqual([2, true]);
    await clock.advance(9_999);
    expect(Object.keys(pickMany(50))).toHaveLength(2);
    balancer.apply(snapshot(ids(1)));
    expect([pickMany(50), balancer.panic, removed]).toEqual([{ i0: 50 }, false, ["i1"]]);
    balancer.apply(snapshot([]));
    await clock.advance(10_000);
    expect(balancer.pick()).toBeUndefined();
    expect([balancer.panic, removed]).toEqual([false, ["i1", "i0"]]);
  });

  it("that end a service in an orderly way are believed at once", () => {
    const { balancer, removed } = setup([instance("i0", { state: "draining" })]);
    balancer.apply(snapshot([]));
    expect([balancer.pick(), removed]).toEqual([undefined, ["i0"]]);
  });

  it("tell the observer what there is and since when it is stale", () => {
    const { balancer, figures } = setup(ids(2));
    balancer.apply({ ...snapshot([instance("i0")]), status: "stale", staleSince: 42 });
    expect(figures()).toMatchObject({ instances: { up: 1 }, staleSince: 42 });
    balancer.pick();
    expect(figures()?.picks).toBe(1);
  });
});
