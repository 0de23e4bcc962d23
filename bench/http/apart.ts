// Requests a second of a trivial route, and of one that asks the database for a row, of a module in the platform's
// process and of the same module in a process of its own; beside the least that handing requests on takes. Fresh
// processes, one after another, several rounds; prints a table.
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { markdownTable, ratio } from "../lib/table.ts";
import { load } from "./load.ts";

const rounds = Number(process.argv[2] ?? 3);
const contenders = [
  { name: "node:http, handed on by a pool (the limit)", kind: "bare", path: "/tickets/17" },
  { name: "Plinth, in the platform's process", kind: "inside", path: "/tickets/17" },
  { name: "Plinth, in a process of its own", kind: "apart", path: "/tickets/17" },
  { name: "the same with a row of PGlite, in the platform's process", kind: "inside", path: "/tickets/17/row" },
  { name: "the same with a row of PGlite, in a process of its own", kind: "apart", path: "/tickets/17/row" },
] as const;

async function measure(kind: string, target: string): Promise<number> {
  const script = path.join(import.meta.dirname, "serve-apart.ts");
  const child = fork(script, [kind], { execArgv: ["--conditions=plinth-source"], stdio: "inherit" });
  try {
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    await load(port, target, 50, 1500);
    return (await load(port, target, 50, 3000)).requestsPerSecond;
  } finally {
    child.disconnect();
    await once(child, "exit");
  }
}

const best = new Map<string, number>();
for (let round = 0; round < rounds; round++) {
  for (const { name, kind, path: target } of contenders) {
    best.set(name, Math.max(best.get(name) ?? 0, await measure(kind, target)));
  }
}
const limit = best.get(contenders[0].name) ?? 1;
console.log(
  markdownTable(
    ["", "requests/s", "of the limit"],
    [...best].map(([name, perSecond]) => [name, perSecond.toFixed(0), ratio(perSecond, limit)]),
  ),
);
