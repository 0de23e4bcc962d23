// The time of one pick at several numbers of instances, in fresh processes one after another.
// Without arguments it runs all and prints the table; with a contender and a number it measures that one.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Balancer, type ServiceInstance } from "@plinth/discovery";
import { interleaved } from "../lib/interleaved.ts";
import { markdownTable } from "../lib/table.ts";

const require = createRequire(import.meta.url);
const zones = ["a", "b", "c"];

function instances(count: number, weights = false): ServiceInstance[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `i${index}`,
    service: "users",
    endpoints: [
      { name: "http", protocol: "http", host: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, port: 80 },
    ],
    state: "up",
    weight: weights ? 1 + (index % 7) : 1,
    locality: { zone: zones[index % 3] as string },
    tags: [],
    metadata: {},
  }));
}

function balancer(count: number, options: ConstructorParameters<typeof Balancer>[2], weights = false): Balancer {
  const made = new Balancer("users", ({ endpoints }) => endpoints[0], options);
  made.apply({ service: "users", instances: instances(count, weights), revision: "1", status: "live", observedAt: 0 });
  return made;
}

/** Each gives the function that is measured, for so many instances. */
const contenders: Readonly<Record<string, (count: number) => () => unknown>> = {
  "plain round robin"(count) {
    const list = instances(count);
    let next = 0;
    return () => {
      const picked = list[next];
      next = next + 1 === list.length ? 0 : next + 1;
      return picked;
    };
  },
  "Plinth: pick"(count) {
    const made = balancer(count, {});
    return () => made.pick();
  },
  "Plinth: pick, weights differ"(count) {
    const made = balancer(count, {}, true);
    return () => made.pick();
  },
  "Plinth: pick, own zone first"(count) {
    const made = balancer(count, { locality: { zone: "a" }, spillAt: Number.MAX_SAFE_INTEGER });
    return () => made.pick();
  },
  "Plinth: pick, peak-ewma"(count) {
    const made = balancer(count, { policy: "peak-ewma" });
    for (const target of made.targets) {
      target.inFlight += 1;
      made.done(target, "success", 1 + Math.random());
    }
    return () => made.pick();
  },
  "Plinth: pick and done"(count) {
    const made = balancer(count, {});
    return () => {
      const target = made.pick();
      if (target !== undefined) made.done(target, "success", 1);
      return target;
    };
  },
  "undici BalancedPool"(count) {
    const { BalancedPool } = require("undici") as typeof import("undici");
    const pool = new BalancedPool(instances(count).map(({ endpoints: [to] }) => `http://${to?.host}:${to?.port}`));
    let proto: object | null = pool;
    let pick: symbol | undefined;
    while (proto !== null && pick === undefined) {
      pick = Object.getOwnPropertySymbols(proto).find(({ description }) => description === "get dispatcher");
      proto = Object.getPrototypeOf(proto) as object | null;
    }
    const picking = pool as unknown as Record<symbol, () => unknown>;
    return () => picking[pick as symbol]?.();
  },
  "Moleculer, round robin"(count) {
    // The part of it that picks is not exported by name.
    const EndpointList = require(
      path.join(path.dirname(require.resolve("moleculer")), "src/registry/endpoint-list.js"),
    );
    const { Strategies } = require("moleculer");
    const registry = { logger: {}, opts: { preferLocal: false } };
    const list = new EndpointList(registry, {}, "users.get", null, class {}, Strategies.RoundRobin, {});
    list.endpoints = instances(count).map(({ id }) => ({ id, isAvailable: true }));
    return () => list.next(null);
  },
};

/** Nanoseconds of one call: the least of several runs. */
function measure(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  let sink: unknown;
  let calls = 100;
  for (let round = 0; round < 30; ) {
    const begin = performance.now();
    for (let call = 0; call < calls; call += 1) sink = run();
    const took = performance.now() - begin;
    if (took < 20) {
      calls *= 2;
      continue;
    }
    best = Math.min(best, (took * 1e6) / calls);
    round += 1;
  }
  if (sink === undefined) throw new Error("nothing was picked");
  return best;
}

/** The table for so many instances, each figure the least of `rounds` processes. */
export function pickTable(sizes: readonly number[], rounds: number): string {
  const columns = sizes.map((size) =>
    interleaved<number>(
      Object.fromEntries(
        Object.keys(contenders).map((name) => [name, [fileURLToPath(import.meta.url), name, `${size}`]]),
      ),
      rounds,
    ),
  );
  const rows = Object.keys(contenders).map((name) => [
    name,
    ...columns.map((column) => `${Math.min(...(column.get(name) ?? [])).toFixed(0)} ns`),
  ]);
  return markdownTable(["one pick, by instances", ...sizes.map((size) => size.toLocaleString("en"))], rows);
}

if (import.meta.main) {
  const [name, count] = process.argv.slice(2);
  const contender = contenders[name ?? ""];
  if (contender !== undefined) console.log(JSON.stringify(measure(contender(Number(count)))));
  else console.log(pickTable([10, 1_000, 10_000], 3));
}
