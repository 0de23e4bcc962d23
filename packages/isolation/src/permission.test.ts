import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { noRights, type RemoteService, type Rights, service } from "@plinth/module";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { ModuleFolders, ToyHost } from "./host.fixture.ts";
import type { IsolationOptions } from "./options.ts";
import { canDenyNetwork } from "./rights.ts";

const folders = new ModuleFolders();
const hosts: ToyHost[] = [];
const secret = path.join(folders.root, "secret.txt");
writeFileSync(secret, "do not read");
const data = path.join(folders.root, "data");
mkdirSync(data);

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.unload()));
});
afterAll(() => folders.remove());

const trying = `
  import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
  import { defineModule, service } from "@plinth/module";
  const attempt = async (work) => {
    try {
      return String(await work());
    } catch (error) {
      return error.code ?? error.message;
    }
  };
  export default defineModule({
    provides: { toy: service("toy.toy") },
    setup: () => ({
      toy: {
        read: (file) => attempt(() => readFileSync(file, "utf8")),
        write: (file) => attempt(() => writeFileSync(file, "written")),
        mkdir: (folder) => attempt(() => mkdirSync(folder, { recursive: true })),
        spawn: () => attempt(async () => (await import("node:child_process")).execFileSync(process.execPath, ["--version"])),
        worker: () => attempt(async () => {
          const { Worker } = await import("node:worker_threads");
          const worker = new Worker("require('node:worker_threads').parentPort.postMessage(42)", { eval: true });
          return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
        }),
        addon: () => attempt(() => process.dlopen({ exports: {} }, "/nowhere.node")),
        kill: (pid) => attempt(() => process.kill(pid, 0)),
        debug: (pid) => attempt(() => process._debugProcess(pid)),
        connect: (port) => attempt(async () => {
          const { connect } = await import("node:net");
          return new Promise((resolve, reject) => connect(port, "127.0.0.1").once("connect", () => resolve("connected")).once("error", reject));
        }),
        env: () => ({ ...process.env }),
        cwd: () => process.cwd(),
      },
    }),
  });
`;

// biome-ignore lint/suspicious/noExplicitAny: what a module in another process provides is not known here
type Toy = Record<string, (...args: any[]) => Promise<any>>;

async function toyWith(
  rights: Partial<Rights>,
  options: IsolationOptions = {},
  code = trying,
  services: Readonly<Record<string, unknown>> = {},
): Promise<Toy> {
  const host = await ToyHost.load(folders.module("toy", code), {
    rights: { ...noRights, ...rights },
    root: folders.root,
    ...options,
  });
  hosts.push(host);
  await host.start(services);
  return host.provided.toy as Toy;
}

const denied = "ERR_ACCESS_DENIED";

describe("a module's process without rights", () => {
  it("reads its own folder and the packages that it imports, and nothing else", async () => {
    const toy = await toyWith({});
    expect(await toy.read?.(path.join(folders.root, "modules/toy/index.js"))).toBe(trying);
    expect(await toy.read?.(secret)).toBe(denied);
    expect(await toy.read?.("/etc/passwd")).toBe(denied);
    expect(await toy.read?.("/proc/self/environ")).toBe(denied);
    expect(await toy.read?.(`/proc/${process.pid}/environ`)).toBe(denied);
    expect(await toy.read?.(path.join(folders.root, "modules/toy/../../secret.txt"))).toBe(denied);
  });

  it("writes nothing, not even where it may read", async () => {
    const toy = await toyWith({});
    const own = path.join(folders.root, "modules/toy/index.js");
    expect(await toy.write?.(own)).toBe(denied);
    expect(readFileSync(own, "utf8")).toBe(trying);
    expect(await toy.write?.(path.join(data, "x.txt"))).toBe(denied);
  });

  it("starts no processes and no workers, and loads no addons", async () => {
    const toy = await toyWith({});
    expect(await toy.spawn?.()).toBe(denied);
    expect(await toy.worker?.()).toBe(denied);
    expect(await toy.addon?.()).toMatch(/ERR_DLOPEN_DISABLED|ERR_ACCESS_DENIED/);
  });

  it("sends no signals to the host, nor makes it open its inspector", async () => {
    const toy = await toyWith({});
    expect(await toy.kill?.(process.pid)).toBe(denied);
    expect(await toy.kill?.(0)).toBe(denied);
    expect(await toy.debug?.(process.pid)).toBe(denied);
  });

  it("has an empty environment but for what Node needs, and works in its folder", async () => {
    const toy = await toyWith(
      {},
      { env: { TOKEN: "secret", TZ: "UTC", HOME: "/root", NODE_OPTIONS: "--no-warnings" } },
    );
    expect(await toy.env?.()).toEqual({ TZ: "UTC", NODE_COMPILE_CACHE: expect.stringMatching(/toy$/) });
    expect(await toy.cwd?.()).toBe(path.join(folders.root, "modules/toy"));
  });
});

describe("a module's process with rights", () => {
  it("reads and writes what was granted, relative to the platform's folder", async () => {
    const toy = await toyWith({ read: ["secret.txt"], write: ["data"] });
    expect(await toy.read?.(secret)).toBe("do not read");
    expect(await toy.write?.(secret)).toBe(denied);
    const file = path.join(data, "x.txt");
    expect(await toy.write?.(file)).toBe("undefined");
    expect(await toy.read?.(file)).toBe("written");
  });

  it("writes into a granted folder that it makes itself, and not beside it", async () => {
    const toy = await toyWith({ write: ["made"] });
    const made = path.join(folders.root, "made");
    expect(await toy.mkdir?.(path.join(made, "deep"))).toBe(path.join(made));
    expect(await toy.write?.(path.join(made, "deep/x.txt"))).toBe("undefined");
    expect(await toy.read?.(path.join(made, "deep/x.txt"))).toBe("written");
    expect(await toy.write?.(path.join(folders.root, "made.txt"))).toBe(denied);
  });

  it("starts processes and workers where it may, and has the variables that it was given", async () => {
    const toy = await toyWith(
      { childProcess: true, workers: true, env: ["TOKEN"] },
      { env: { TOKEN: "for it", OTHER: "not" } },
    );
    expect(await toy.spawn?.()).toContain(process.version);
    expect(await toy.worker?.()).toBe("42");
    expect(await toy.kill?.(process.pid)).toBe("true");
    expect(await toy.env?.()).toMatchObject({ TOKEN: "for it" });
    expect(await toy.env?.()).not.toHaveProperty("OTHER");
  });

  it("is kept from the network where Node can do that", async () => {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const without = await toyWith({ network: false });
    expect(await without.connect?.(port)).toBe(canDenyNetwork() ? denied : "connected");
    const granted = await toyWith({ network: true });
    expect(await granted.connect?.(port)).toBe("connected");
    server.close();
  });
});

it("a module whose services open sockets in its process is not kept from the network", async () => {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const door: RemoteService<unknown> = {
    service: service("door.door"),
    entry: folders.file("door/remote.js", "export default () => ({});"),
    opensSockets: true,
    serve() {},
  };
  const code = trying.replace("provides:", `requires: { door: service("door.door") }, provides:`);
  const toy = await toyWith({}, { remotes: [door] }, code, { door: {} });
  expect(await toy.connect?.(port)).toBe("connected");
  expect(await toy.read?.(secret)).toBe(denied);
  server.close();
});

it("an import that it may not read is refused, with the file that it was", async () => {
  writeFileSync(path.join(folders.root, "elsewhere.js"), "export default 1;");
  await expect(toyWith({}, {}, `import "../../elsewhere.js";`)).rejects.toMatchObject({
    code: "LOAD_IMPORT_FAILED",
    message: expect.stringMatching(/FileSystemRead: .*elsewhere\.js/),
  });
});
