/**
 * Runs in a process of its own, with `--expose-gc`: installs the plugin in the folder of the second
 * argument into the running platform in the folder of the first, asks it something, and removes it, as
 * often as the third argument says. Writes two lines of JSON: what the process held after some cycles,
 * and what after all.
 */
import { readdirSync } from "node:fs";
import { HttpDirectory } from "@plinth/http";
import { isolationExtension } from "@plinth/isolation";
import { createManifestSchema } from "@plinth/kernel";
import { noRights } from "@plinth/module";
import { examinePlugin, fetchPlugin, installPlugin, removePlugin } from "@plinth/plugins";
import { createPlatform } from "../create-platform.ts";

const [, , root = "", plugin = "", cycles = "1"] = process.argv;
const settings = { http: { port: 0, drainDelay: "0s" } };
const platform = await createPlatform({ root, settings });
await platform.start();
const base = platform.service(HttpDirectory)?.address()?.url ?? "";
const { section } = isolationExtension();
const schema = createManifestSchema(section === undefined ? [] : [section]);
const place = { root, folder: "plugins" };

/** What the process holds now, after everything that can be freed was. */
async function held() {
  for (let round = 0; round < 5; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    globalThis.gc?.();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    heapMb: heapUsed / 2 ** 20,
    externalMb: external / 2 ** 20,
    rssMb: rss / 2 ** 20,
    handles: Object.fromEntries(
      [...Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind)].map(([kind, { length }]) => [kind, length]),
    ),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    files: process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0,
    modules: platform.status().modules.length,
  };
}

async function cycle(): Promise<void> {
  const fetched = await fetchPlugin(plugin, { cwd: root, root, env: process.env });
  const examined = examinePlugin(fetched, schema, root, { trustedKeys: [], signatures: "optional" });
  await installPlugin(examined, { ...place, rights: noRights });
  const { added } = await platform.refresh();
  const response = await fetch(`${base}/visitor`, { headers: { connection: "close" } });
  const { pid } = (await response.json()) as { pid: number };
  await removePlugin("visitor", place);
  const { removed } = await platform.refresh();
  if (added.join() !== "visitor" || removed.join() !== "visitor" || pid === process.pid) {
    throw new Error(`a cycle went wrong: ${JSON.stringify({ added, removed, pid })}`);
  }
}

const warmUp = Math.max(5, Math.floor(Number(cycles) / 10));
for (let round = 0; round < warmUp; round += 1) await cycle();
process.stdout.write(`${JSON.stringify(await held())}\n`);
for (let round = 0; round < Number(cycles); round += 1) await cycle();
process.stdout.write(`${JSON.stringify(await held())}\n`);
await platform.stop();
