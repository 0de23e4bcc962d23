// Requests a second to four origins on loopback: a bare Agent that takes them in turn, beside
// discoveryDispatcher on a service with the same four instances. The two take turns in one process.
// With "serve" as argument it is the process with the four servers.
import { fork } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createMemoryRegistry } from "@plinth/discovery";
import { discoveryDispatcher } from "@plinth/discovery/http";
import { Agent, type Dispatcher, request } from "undici";
import { markdownTable } from "../lib/table.ts";

const inFlight = 64;
const origins = 4;

async function serve(): Promise<void> {
  const ports: number[] = [];
  for (let index = 0; index < origins; index += 1) {
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/plain", "content-length": "11" });
      response.end("hello world");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ports.push((server.address() as AddressInfo).port);
  }
  process.send?.(ports);
  process.on("disconnect", () => process.exit(0));
}

type Ask = (dispatcher: Dispatcher, origin: string) => Promise<unknown>;

/** The two ways of asking: as people write it, and with as little as possible around the dispatcher. */
const ways: Readonly<Record<string, Ask>> = {
  request: async (dispatcher, origin) => (await request(`${origin}/path`, { dispatcher })).body.text(),
  dispatch: (dispatcher, origin) =>
    new Promise((resolve, reject) => {
      dispatcher.dispatch(
        { origin, path: "/path", method: "GET" },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData() {},
          onResponseEnd: resolve,
          onResponseError: (_, error) => reject(error),
        },
      );
    }),
};

interface Figure {
  readonly perSecond: number;
  /** Microseconds of this process's processor time for each request: what a busy machine does not change. */
  readonly cpu: number;
}

/** Asks for so long. */
async function run(ask: () => Promise<unknown>, ms: number): Promise<Figure> {
  const before = process.cpuUsage();
  const begin = performance.now();
  const end = begin + ms;
  let done = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      await ask();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (done / (performance.now() - begin)) * 1_000, cpu: (user + system) / done };
}

/** The table of so many turns of each, and how it was measured. */
export async function dispatcherTable(rounds: number, ms: number): Promise<string> {
  const child = fork(fileURLToPath(import.meta.url), ["serve"], { execArgv: ["--conditions=plinth-source"] });
  const ports = await new Promise<number[]>((resolve) => child.once("message", (value) => resolve(value as number[])));
  const registry = createMemoryRegistry();
  for (const [index, port] of ports.entries()) {
    const endpoints = [{ name: "http", protocol: "http", port }];
    await registry.register({ service: "users", id: `i${index}`, endpoints });
  }
  const rows: string[][] = [];
  for (const [name, ask] of Object.entries(ways)) {
    const agent = new Agent();
    const discovery = discoveryDispatcher(registry);
    let turn = 0;
    const bare = () => ask(agent, `http://127.0.0.1:${ports[turn++ % origins]}`);
    const plinth = () => ask(discovery, "http://users.service");
    for (const warm of [bare, plinth, bare, plinth]) await run(warm, ms);
    const pairs: { bare: Figure; plinth: Figure }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // Who goes first changes, so that a drift of the machine favours neither.
      const first = await run(round % 2 === 0 ? bare : plinth, ms);
      const second = await run(round % 2 === 0 ? plinth : bare, ms);
      pairs.push(round % 2 === 0 ? { bare: first, plinth: second } : { bare: second, plinth: first });
    }
    const best = (who: "bare" | "plinth") =>
      quantile(
        pairs.map((pair) => pair[who].perSecond),
        0.9,
      );
    rows.push([
      name,
      best("bare").toFixed(0),
      best("plinth").toFixed(0),
      (best("plinth") / best("bare")).toFixed(3),
      quantile(
        pairs.map((pair) => pair.plinth.perSecond / pair.bare.perSecond),
        0.5,
      ).toFixed(3),
      quantile(
        pairs.map((pair) => pair.bare.cpu / pair.plinth.cpu),
        0.5,
      ).toFixed(3),
    ]);
    await Promise.all([agent.close(), discovery.close()]);
  }
  await registry[Symbol.asyncDispose]();
  child.disconnect();
  return [
    markdownTable(
      ["requests a second", "bare Agent", "discoveryDispatcher", "ratio", "median ratio", "by processor time"],
      rows,
    ),
    "",
    `${rounds} turns of ${ms} ms each, ${inFlight} requests in flight, ${origins} origins. The figures and their ratio are the ninth decile`,
    "of the turns, since other work on the machine only slows; the median ratio is that of neighbouring turns, and the last column that of processor time a request.",
  ].join("\n");
}

function quantile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
}

if (import.meta.main) {
  if (process.argv[2] === "serve") await serve();
  else console.log(await dispatcherTable(200, 60));
}
