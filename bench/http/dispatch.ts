// Requests a second, and the server's processor time for each, of a trivial route: a bare node:http server, a bare
// Fastify, and a module's route behind Plinth's prefix dispatch with metrics and request ids. Fresh processes, one
// after another, several rounds; prints a table.
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { markdownTable, ratio } from "../lib/table.ts";
import { load } from "./load.ts";

const rounds = Number(process.argv[2] ?? 5);
const contenders: readonly { readonly name: string; readonly server: string; readonly path: string }[] = [
  { name: "node:http (the limit)", server: "node:http", path: "/tickets/17" },
  { name: "Fastify", server: "fastify", path: "/tickets/17" },
  { name: "Plinth", server: "plinth", path: "/tickets/17" },
  { name: "Plinth, signed in", server: "plinth", path: "/tickets/17/guarded" },
];

interface Result {
  readonly requestsPerSecond: number;
  /** Microseconds of the server's processor time a request. */
  readonly cpuUs: number;
}

async function measure(server: string, target: string): Promise<Result> {
  const script = path.join(import.meta.dirname, "serve.ts");
  const child = fork(script, [server], { execArgv: ["--conditions=plinth-source"], stdio: "inherit" });
  try {
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    await load(port, target, 50, 1500);
    child.send("reset");
    await once(child, "message");
    const { requestsPerSecond } = await load(port, target, 50, 3000);
    child.send("read");
    const [{ cpuUs }] = (await once(child, "message")) as [{ cpuUs: number }];
    return { requestsPerSecond, cpuUs: cpuUs / (requestsPerSecond * 3) };
  } finally {
    child.kill("SIGKILL");
  }
}

const results = new Map<string, Result[]>();
for (let round = 0; round < rounds; round++) {
  for (const { name, server, path: target } of contenders) {
    results.set(name, [...(results.get(name) ?? []), await measure(server, target)]);
  }
}
const best = [...results].map(([name, all]) => ({
  name,
  requestsPerSecond: Math.max(...all.map((one) => one.requestsPerSecond)),
  cpuUs: Math.min(...all.map((one) => one.cpuUs)),
}));
const fastify = best.find(({ name }) => name === "Fastify") ?? { requestsPerSecond: 1, cpuUs: 1 };
console.log(
  markdownTable(
    ["", "requests/s", "of Fastify", "server's CPU a request", "of Fastify"],
    best.map(({ name, requestsPerSecond, cpuUs }) => [
      name,
      requestsPerSecond.toFixed(0),
      ratio(requestsPerSecond, fastify.requestsPerSecond),
      `${cpuUs.toFixed(1)} us`,
      ratio(cpuUs, fastify.cpuUs),
    ]),
  ),
);
