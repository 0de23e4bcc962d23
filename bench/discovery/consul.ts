// Following a service in a real Consul agent: the time from a change to the watcher, the requests sent to the
// agent while the service changes 1,000 times a second, and the memory that 10,000 instances take. Beside a bare
// blocking query and npm consul. Without arguments it runs all and prints the tables; with a measure and a
// contender it runs that one: node consul.ts memory|storm CONTENDER URL SERVICE.

import { execFile, spawn } from "node:child_process";
import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findConsul, startConsulAgent } from "@plinth/testing/consul";
import { Pool } from "undici";
import { markdownTable, ratio } from "../lib/table.ts";
import { watchers } from "./consul-watchers.ts";

const names = Object.keys(watchers);
const self = fileURLToPath(import.meta.url);
const changesPerSecond = 1_000;
const stormSeconds = 10;
const instances = 10_000;

type Write = (service: string, id: string, step: number) => Promise<void>;

function writer(url: string): { readonly write: Write; close(): Promise<void> } {
  const pool = new Pool(url, { connections: 16 });
  return {
    async write(service, id, step) {
      const Service = {
        ID: id,
        Service: service,
        Address: "192.0.2.1",
        Port: 8080,
        Tags: ["v1"],
        Meta: { step: String(step), "plinth-endpoint-0": "http=http://192.0.2.1:8080" },
      };
      const body = JSON.stringify({ Node: `node-${id}`, Address: "192.0.2.9", Service });
      const answer = await pool.request({ method: "PUT", path: "/v1/catalog/register", body });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`the agent answered ${answer.statusCode}`);
    },
    close: () => pool.close(),
  };
}

/** From before the change is sent until the watcher tells of it, in turns; changes lie further apart than the pace of a quiet service. */
async function latencies(url: string, rounds: number): Promise<string> {
  const { write, close } = writer(url);
  const waiting = new Map<string, (step: string | undefined) => void>();
  const following = await Promise.all(
    names.map(async (name, index) => {
      await write(`latency-${index}`, "i", 0);
      return await watchers[name]?.(url, `latency-${index}`, (_, step) => waiting.get(name)?.(step));
    }),
  );
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let step = 1; step <= rounds; step += 1) {
    await sleep(2_100);
    // Each begins a round as often as the others.
    for (let turn = 0; turn < names.length; turn += 1) {
      const index = (turn + step) % names.length;
      const name = names[index] as string;
      const seen = new Promise<void>((resolve) => {
        waiting.set(name, (found) => found === String(step) && resolve());
      });
      const began = performance.now();
      await write(`latency-${index}`, "i", step);
      await seen;
      times.get(name)?.push(performance.now() - began);
    }
  }
  await Promise.all(following.map((one) => one?.stop()));
  await close();
  const at = (name: string, part: number): number => {
    const sorted = [...(times.get(name) ?? [])].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  };
  const base = at(names[0] as string, 0.5);
  return markdownTable(
    ["change to watcher", "median", "", "slowest"],
    names.map((name) => [
      name,
      `${at(name, 0.5).toFixed(2)} ms`,
      ratio(at(name, 0.5), base),
      `${at(name, 1).toFixed(2)} ms`,
    ]),
  );
}

/** Follows a service through `url` until its input ends, then prints the last step that it saw. */
async function storm(name: string, url: string, service: string): Promise<void> {
  let last: string | undefined;
  const following = await watchers[name]?.(url, service, (_, step) => {
    last = step;
  });
  console.log("following");
  for await (const chunk of process.stdin) {
    const wanted = String(chunk).trim();
    const end = performance.now() + 20_000;
    while (last !== wanted && performance.now() < end) await sleep(5);
    console.log(last === wanted ? "right" : `wrong: ${last}`);
  }
  await following?.stop();
  process.exit(0);
}

async function storms(url: string): Promise<string> {
  const rows: string[][] = [];
  for (const [index, name] of names.entries()) {
    const service = `storm-${index}`;
    const { write, close } = writer(url);
    await write(service, "i", 0);
    const counter = await countingProxy(url);
    const child = spawn(process.execPath, ["--conditions=plinth-source", self, "storm", name, counter.url, service], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = child.stdout[Symbol.asyncIterator]();
    await lines.next();
    await sleep(4_500);
    const before = counter.count;
    const began = performance.now();
    let step = 0;
    for (let now = 0; now < stormSeconds * 1_000; now = performance.now() - began) {
      const due = Math.floor((now / 1_000) * changesPerSecond) - step;
      const batch = Array.from({ length: Math.min(due, 64) }, () => {
        step += 1;
        return write(service, "i", step);
      });
      await (batch.length > 0 ? Promise.all(batch) : sleep(1));
    }
    const seconds = (performance.now() - began) / 1_000;
    const asked = counter.count - before;
    await write(service, "i", step + 1);
    child.stdin.write(`${step + 1}\n`);
    const verdict = String((await lines.next()).value).trim();
    child.stdin.end();
    await new Promise((resolve) => child.once("exit", resolve));
    await counter.close();
    await close();
    rows.push([name, (step / seconds).toFixed(0), String(asked), (asked / seconds).toFixed(1), verdict]);
  }
  return markdownTable(
    [`${stormSeconds} s of changes`, "changes a second", "requests", "requests a second", "last state"],
    rows,
  );
}

async function countingProxy(
  target: string,
): Promise<{ readonly url: string; readonly count: number; close(): Promise<void> }> {
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    count += 1;
    const passed = forward(
      `${target}${incoming.url}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.once("error", () => outgoing.destroy());
    outgoing.once("close", () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get count() {
      return count;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The heap that following a large service takes for good, and the most memory the process took meanwhile. */
async function memory(name: string, url: string, service: string): Promise<void> {
  const collect = globalThis.gc as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  const { promise, resolve } = Promise.withResolvers<void>();
  const following = await watchers[name]?.(url, service, (count) => count === instances && resolve());
  await promise;
  await sleep(300);
  collect();
  const heap = process.memoryUsage().heapUsed - before;
  const held = following?.held() === undefined ? "nothing" : "held";
  console.log(JSON.stringify({ heap, peak: process.resourceUsage().maxRSS * 1_024, held }));
  process.exit(0);
}

async function memories(url: string): Promise<string> {
  const { write, close } = writer(url);
  for (let from = 0; from < instances; from += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, index) => write("large", `i${from + index}`, from + index)));
  }
  await close();
  const rows: string[][] = [];
  for (const name of names) {
    const args = ["--expose-gc", "--conditions=plinth-source", self, "memory", name, url, "large"];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { heap, peak } = JSON.parse(stdout) as { readonly heap: number; readonly peak: number };
    rows.push([
      name,
      `${(heap / 2 ** 20).toFixed(1)} MB`,
      `${(heap / instances).toFixed(0)} B`,
      `${(peak / 2 ** 20).toFixed(0)} MB`,
    ]);
  }
  return markdownTable([`${instances} instances`, "heap kept", "an instance", "most memory of the process"], rows);
}

/** All tables; says why where there is no Consul to measure on. */
export async function consulTables(rounds = 15): Promise<string> {
  const consul = await findConsul();
  if ("missing" in consul) return `Not measured: ${consul.missing}`;
  const agent = await startConsulAgent({ binary: consul.path, config: 'log_level = "warn"' });
  try {
    return [await latencies(agent.url, rounds), await storms(agent.url), await memories(agent.url)].join("\n\n");
  } finally {
    await agent.stop();
  }
}

if (import.meta.main) {
  const [measure, name = "", url = "", service = ""] = process.argv.slice(2);
  if (measure === "storm") await storm(name, url, service);
  else if (measure === "memory") await memory(name, url, service);
  else console.log(await consulTables());
}
