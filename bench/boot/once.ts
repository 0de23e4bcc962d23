// One boot in this process: node once.ts CONTENDER MODULES DELAY_MS. Prints the milliseconds and the heap's growth in MB.
import { setTimeout as sleep } from "node:timers/promises";
import { randomGraph } from "../lib/random-graph.ts";
import type { Boot, Start } from "./contender.ts";

const [name, count, delay] = process.argv.slice(2) as [string, string, string];
const graph = randomGraph(Number(count));
const delayMs = Number(delay);
let starts = 0;
const start: Start = () => {
  starts += 1;
  return delayMs === 0 ? Promise.resolve() : sleep(delayMs);
};
const { boot } = (await import(`./contenders/${name}.ts`)) as { readonly boot: Boot };

const before = process.memoryUsage().heapUsed;
const began = performance.now();
await boot(graph, start);
const ms = performance.now() - began;
if (starts !== graph.count) throw new Error(`${name} started ${starts} of ${graph.count} modules`);
console.log(JSON.stringify({ ms, mb: (process.memoryUsage().heapUsed - before) / 2 ** 20 }));
process.exit(0);
