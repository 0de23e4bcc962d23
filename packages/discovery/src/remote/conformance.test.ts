import { systemClock } from "@plinth/module";
import { type ConformanceAdapter, registryConformance } from "@plinth/testing/discovery";
import { linkPair } from "@plinth/testing/link";
import { describe, expect, it } from "vitest";
import { createMemoryRegistry } from "../memory/memory-registry.ts";
import { createMemoryStore } from "../memory/memory-store.ts";
import { remoteRegistry } from "./remote-registry.ts";
import { serveRegistry } from "./serve-registry.ts";

const store = createMemoryStore();
const options = { store, backoff: { minMs: 5, maxMs: 20 }, resolveTimeoutMs: 100 };

async function connect() {
  const registry = createMemoryRegistry(options);
  const pair = linkPair("calling");
  serveRegistry(registry, pair.host, systemClock);
  return { registry, pair, remote: await remoteRegistry(pair.child) };
}

const adapter: ConformanceAdapter = {
  name: "memory, from another process",
  async connect() {
    const { registry, pair, remote } = await connect();
    return {
      ...remote,
      async [Symbol.asyncDispose]() {
        await remote[Symbol.asyncDispose]();
        pair.end();
        await registry[Symbol.asyncDispose]();
      },
    };
  },
  async interrupt() {
    store.interrupt();
    return async () => store.restore();
  },
  wipe: async () => store.wipe(),
};

describe("a registry that is used from another process keeps the laws of the port", () => {
  for (const law of registryConformance(adapter)) it.skipIf(law.skip !== undefined)(law.name, law.run);
});

it("what a process has registered goes with it, and so do its watches", async () => {
  const { registry, pair, remote } = await connect();
  await using other = createMemoryRegistry(options);
  await remote.register({ service: "short", endpoints: [{ name: "http", protocol: "http", port: 80 }] });
  const watcher = remote.watch({ service: "short" });
  expect((await watcher.ready).instances).toHaveLength(1);
  expect((await other.resolve({ service: "short" })).instances).toHaveLength(1);
  pair.end();
  await expect.poll(async () => (await other.resolve({ service: "short" })).instances).toEqual([]);
  await expect(remote.services()).rejects.toMatchObject({ code: "DISCOVERY_UNAVAILABLE" });
  await registry[Symbol.asyncDispose]();
});
