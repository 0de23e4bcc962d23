// The memory that 10,000 endpoints of one service take: the snapshot that a watcher holds, and the
// balancer over it. In fresh processes; the heap after a full collection.
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Balancer, createMemoryRegistry, createMemoryStore, type MemoryStore } from "@plinth/discovery";
import { interleaved } from "../lib/interleaved.ts";
import { markdownTable } from "../lib/table.ts";

interface Figure {
  readonly snapshot: number;
  readonly balancer: number;
}

function fill(store: MemoryStore, count: number): void {
  for (let index = 0; index < count; index += 1) {
    store.put({
      id: `users-${index}`,
      service: "users",
      version: "1.4.0",
      endpoints: [
        { name: "http", protocol: "http", host: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, port: 80 },
      ],
      state: "up",
      weight: 1,
      locality: { zone: `zone-${index % 3}` },
      tags: ["blue"],
      metadata: { owner: `team-${index % 7}` },
    });
  }
}

async function measure(count: number): Promise<Figure> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const store = createMemoryStore();
  const registry = createMemoryRegistry({ store });
  const watcher = registry.watch({ service: "users" });
  await watcher.ready;
  const balancer = new Balancer("users", ({ endpoints }) => endpoints[0]);
  const empty = heap();
  fill(store, count);
  while (watcher.current?.instances.length !== count) await new Promise((resolve) => setImmediate(resolve));
  const watched = heap();
  balancer.apply(watcher.current);
  balancer.pick();
  const balanced = heap();
  await registry[Symbol.asyncDispose]();
  return { snapshot: watched - empty, balancer: balanced - watched };
}

/** The table for so many endpoints. */
export function memoryTable(sizes: readonly number[], rounds: number): string {
  const script = fileURLToPath(import.meta.url);
  const runs = interleaved<Figure>(Object.fromEntries(sizes.map((size) => [`${size}`, [script, `${size}`]])), rounds);
  const kilobytes = (size: number, part: keyof Figure): string =>
    `${(Math.min(...(runs.get(`${size}`) ?? []).map((figure) => figure[part])) / 1024).toFixed(0)} KiB`;
  return markdownTable(
    ["heap, by endpoints", ...sizes.map((size) => size.toLocaleString("en"))],
    [
      ["the snapshot of a watcher", ...sizes.map((size) => kilobytes(size, "snapshot"))],
      ["a balancer over it", ...sizes.map((size) => kilobytes(size, "balancer"))],
    ],
  );
}

if (import.meta.main) {
  const [count] = process.argv.slice(2);
  if (count === undefined) console.log(memoryTable([10, 1_000, 10_000], 3));
  else console.log(JSON.stringify(await measure(Number(count))));
}
