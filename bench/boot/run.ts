// Boots N modules in each contender, in fresh processes one after another, and prints ratios to the bare scheduler.
import path from "node:path";
import { interleaved } from "../lib/interleaved.ts";
import { depthOf, randomGraph } from "../lib/random-graph.ts";
import { markdownTable, milliseconds, ratio } from "../lib/table.ts";

const contenders = [
  "bare",
  "plinth",
  "awilix",
  "tsyringe",
  "avvio",
  "nest-hooks",
  "nest-factories",
  "moleculer",
  "backstage",
] as const;
/** Those whose boots grow faster than the number of modules; the largest sizes would take minutes. */
const slow: readonly string[] = ["avvio", "nest-hooks", "nest-factories", "backstage", "moleculer"];

interface Figure {
  readonly ms: number;
  readonly mb: number;
}

export function bootTable(sizes: readonly number[], rounds: number): string {
  const cases = sizes.flatMap((count) => [0, 5].map((delay) => ({ count, delay })));
  const columns = cases.map(({ count, delay }) => {
    const commands = Object.fromEntries(
      contenders.map((name) => [name, [path.join(import.meta.dirname, "once.ts"), name, `${count}`, `${delay}`]]),
    );
    const quick = Object.fromEntries(Object.entries(commands).filter(([name]) => !slow.includes(name)));
    const others = Object.fromEntries(Object.entries(commands).filter(([name]) => slow.includes(name)));
    return new Map([...interleaved<Figure>(quick, rounds), ...interleaved<Figure>(others, count > 1000 ? 1 : rounds)]);
  });
  const best = (name: string, column: Map<string, Figure[]> | undefined) =>
    Math.min(...(column?.get(name) ?? []).map(({ ms }) => ms));
  const rows = contenders.map((name) => [
    name,
    ...columns.map((column) => {
      const ms = best(name, column);
      return name === "bare" ? milliseconds(ms) : `${ratio(ms, best("bare", column))} (${milliseconds(ms)})`;
    }),
  ]);
  const heap = (name: string) =>
    Math.min(...(columns.at(-4)?.get(name) ?? columns[0]?.get(name) ?? []).map(({ mb }) => mb));
  return [
    markdownTable(
      ["boot", ...cases.map(({ count, delay }) => `${count}, ${delay === 0 ? "no-op" : `${delay} ms each`}`)],
      rows,
    ),
    "",
    `Depth of the graphs: ${sizes.map((count) => depthOf(randomGraph(count))).join(", ")}. Minimum of ${rounds} interleaved fresh processes.`,
    `Heap over the bare scheduler's, ${sizes.at(-2) ?? sizes[0]} modules: ${(heap("plinth") - heap("bare")).toFixed(1)} MB.`,
  ].join("\n");
}

if (import.meta.main) {
  const sizes = process.argv.slice(2).map(Number);
  console.log(bootTable(sizes.length > 0 ? sizes : [100, 1000, 5000], 3));
}
