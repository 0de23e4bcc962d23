import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, it, vi } from "vitest";
import { eventually } from "./eventually.fixture.ts";
import { isAlive, ModuleFolders, ToyHost } from "./host.fixture.ts";

const folders = new ModuleFolders();
afterAll(() => folders.remove());

/** Starts a host with one module and kills it with SIGKILL; returns the process of the module. */
async function killedHost(...args: string[]): Promise<number> {
  const file = fileURLToPath(new URL("./killed-host.fixture.ts", import.meta.url));
  const host = spawn(process.execPath, ["--conditions=plinth-source", file, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await once(host.stdout, "data");
  const { pid, root } = JSON.parse(String(said)) as { pid: number; root: string };
  expect(isAlive(pid)).toBe(true);
  host.kill("SIGKILL");
  await once(host, "exit");
  rmSync(root, { recursive: true, force: true });
  return pid;
}

describe("when the host is killed", () => {
  it("a module's process ends itself", async () => {
    const pid = await killedHost();
    await eventually(() => expect(isAlive(pid)).toBe(false));
  });

  it.skipIf(!existsSync("/usr/bin/setpriv"))("one that is caught in a loop is ended by the system", async () => {
    const pid = await killedHost("blocked");
    await eventually(() => expect(isAlive(pid)).toBe(false));
  });
});

/** What the host holds: handles and timers by kind, file descriptors, listeners of the process. */
function held(): unknown {
  const resources = process.getActiveResourcesInfo().filter((kind) => kind !== "FSReqPromise" && kind !== "CloseReq");
  return {
    resources: resources.sort(),
    descriptors: existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0,
    listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
  };
}

it("leaves nothing in the host after 50 modules have come and gone, ten of them by a crash", async () => {
  const module = folders.module(
    "toy",
    `import { defineModule, service } from "@plinth/module";
     export default defineModule({
       requires: { users: service("identity.users") },
       provides: { toy: service("toy.toy") },
       setup: ({ users, log }) => ({ toy: { ask: async (signal) => { log.info("asked"); return users.name(signal); }, die: () => process.exit(3) } }),
     });`,
  );
  const signal = new AbortController().signal;
  const added = vi.spyOn(signal, "addEventListener");
  const removed = vi.spyOn(signal, "removeEventListener");
  const definitions: WeakRef<object>[] = [];
  const pids: number[] = [];
  const cycle = async (crashes: boolean) => {
    const host = await ToyHost.load(module);
    definitions.push(new WeakRef(host.definition));
    await host.start({ users: { name: () => "ann" } });
    pids.push(host.pid as number);
    const toy = host.provided.toy as { ask(signal: AbortSignal): Promise<string>; die(): Promise<void> };
    expect(await toy.ask(signal)).toBe("ann");
    if (crashes) await toy.die().catch(() => {});
    await host.stop();
    await host.unload();
  };
  await cycle(false);
  await cycle(true);
  const before = held();
  for (let round = 0; round < 10; round++) {
    await Promise.all([cycle(true), cycle(false), cycle(false), cycle(false), cycle(false)]);
  }
  await eventually(() => expect(held()).toEqual(before));
  expect(pids.filter(isAlive)).toEqual([]);
  expect(pids).toHaveLength(52);
  expect(added.mock.calls.length).toBe(52);
  expect(removed.mock.calls.length).toBe(52);

  added.mockReset(); // spies hold on to what they were called with
  removed.mockReset();
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  await eventually(() => {
    collect();
    expect(definitions.filter((definition) => definition.deref() !== undefined).length).toBeLessThanOrEqual(2);
  });
}, 60_000);
