import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PlatformError } from "@plinth/module";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "./eventually.fixture.ts";
import { isAlive, ModuleFolders, ToyHost } from "./host.fixture.ts";
import type { IsolationOptions } from "./options.ts";

const folders = new ModuleFolders();
const hosts: ToyHost[] = [];
let server: Server;
let asking: Promise<number>;
let isOver = false;

/** Asks the host over and over whether it is alive, as an orchestrator does; any failure rejects. */
async function askLivez(): Promise<number> {
  const { port } = server.address() as AddressInfo;
  let answers = 0;
  while (!isOver) {
    const response = await fetch(`http://127.0.0.1:${port}/livez`);
    expect(await response.text()).toBe("alive");
    answers++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return answers;
}

beforeAll(async () => {
  server = createServer((_request, response) => response.end("alive"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
beforeEach(() => {
  isOver = false;
  asking = askLivez();
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.unload()));
  isOver = true;
  expect(await asking).toBeGreaterThan(0);
});
afterAll(() => {
  server.close();
  folders.remove();
});

async function load(code: string, options?: IsolationOptions): Promise<ToyHost> {
  const host = await ToyHost.load(folders.module("rogue", code), options);
  hosts.push(host);
  return host;
}

/** A module whose service runs this code when its `act` is called. */
const acting = (act: string) => `
  import { defineModule, service } from "@plinth/module";
  export default defineModule({
    optional: { clock: service("rogue.clock") },
    provides: { rogue: service("rogue.rogue") },
    setup: (context) => ({ rogue: { act: async () => { ${act} }, hello: () => "hello" } }),
  });
`;

/** A module with this in its `setup`. */
const withSetup = (code: string) => `
  import { defineModule } from "@plinth/module";
  export default defineModule({ setup({ lifecycle, log }) { ${code} } });
`;

interface Rogue {
  act(): Promise<unknown>;
  hello(): Promise<string>;
}

/** Starts a module that runs and then does this; returns what it was failed with. */
async function failureOf(act: string, options?: IsolationOptions, services = {}): Promise<PlatformError> {
  const host = await load(acting(act), options);
  await host.start(services);
  const pid = host.pid as number;
  const rogue = host.provided.rogue as Rogue;
  expect(await rogue.hello()).toBe("hello");
  const call = rogue.act().catch((error: unknown) => error);
  await eventually(() => expect(host.failures).toHaveLength(1));
  const lost = await call;
  expect(lost).toMatchObject({ code: "ISOLATION_CALL_LOST", cause: host.failures[0] });
  expect(isAlive(pid)).toBe(false);
  expect(host.pid).toBeUndefined();
  await expect(rogue.hello()).rejects.toMatchObject({ code: "ISOLATION_NOT_RUNNING" });

  await host.stop();
  await host.start(services); // the same definition runs again, in another process
  expect(host.pid).not.toBe(pid);
  expect(await rogue.hello()).toBe("hello");
  expect(host.failures).toHaveLength(1);
  return host.failures[0] as PlatformError;
}

const problem = (work: Promise<unknown>): Promise<PlatformError> =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => {
      expect(error).toBeInstanceOf(PlatformError);
      return error as PlatformError;
    },
  );

describe("a module that misbehaves in a process of its own", () => {
  it("1. throws at import: reported with its own stack", async () => {
    const error = await problem(load(`throw new TypeError("bad luck");`));
    expect(error).toMatchObject({ code: "LOAD_IMPORT_FAILED", cause: { name: "TypeError", message: "bad luck" } });
    expect((error.cause as Error).stack).toMatch(/modules\/rogue\/index\.js:1:/);
  });

  it("2. hangs at import: given up after the limit", async () => {
    const hanging = "setInterval(() => {}, 1000); await new Promise(() => {});";
    const error = await problem(load(hanging, { limits: { importMs: 400 } }));
    expect(error).toMatchObject({
      code: "ISOLATION_IMPORT_TIMEOUT",
      message: 'the code of module "rogue" was not imported within 400 ms',
    });
    const looping = await problem(load("for (;;);", { limits: { importMs: 400 } }));
    expect(looping.code).toBe("ISOLATION_IMPORT_TIMEOUT");
  });

  it("3. throws in start: the error arrives with code and stack, and no process is left", async () => {
    const host = await load(
      withSetup(
        `lifecycle.onStart(async () => { throw Object.assign(new RangeError("no room"), { code: "E_ROOM" }); });`,
      ),
    );
    const error = await host.start().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: "no room", code: "E_ROOM" });
    expect((error as Error).stack).toMatch(/rogue\/index\.js/);
    expect(host.pid).toBeUndefined();
  });

  it("4. hangs in start: it is told when the start is given up, and killed when that does not help", async () => {
    const host = await load(
      withSetup(`lifecycle.onStart(() => { log.info("hanging"); return new Promise(() => {}); });`),
      {
        limits: { exitMs: 200 },
      },
    );
    const pid = host.pid as number;
    const starting = host.start().catch((error: unknown) => error);
    await eventually(() => expect(host.lines).toMatchObject([{ message: "hanging" }]));
    host.giveUp("the hook's budget is spent");
    await starting;
    expect(isAlive(pid)).toBe(false);
  });

  it("5. hangs in stop: killed when the budget of the stop is spent", async () => {
    const host = await load(
      withSetup(`lifecycle.onStop(() => { log.info("hanging"); return new Promise(() => {}); });`),
    );
    await host.start();
    const pid = host.pid as number;
    const budget = new AbortController();
    const stopping = host.stop(budget.signal).catch((error: unknown) => error);
    await eventually(() => expect(host.lines).toMatchObject([{ message: "hanging" }]));
    budget.abort();
    await stopping;
    expect(isAlive(pid)).toBe(false);
  });

  it("6. exits: with the code", async () => {
    expect(await failureOf("process.exit(7)")).toMatchObject({
      code: "ISOLATION_EXITED",
      message: 'the process of module "rogue" ended by itself with exit code 7',
    });
  });

  it("7. aborts, or is killed: with the signal", async () => {
    expect(await failureOf("process.abort()")).toMatchObject({
      code: "ISOLATION_KILLED",
      message: 'the process of module "rogue" was ended by SIGABRT',
    });
    expect(await failureOf("process.kill(process.pid, 'SIGKILL')")).toMatchObject({
      message: 'the process of module "rogue" was ended by SIGKILL',
    });
  });

  it("8. allocates without end, on the heap or beside it: out of memory", async () => {
    const limits = { memoryMb: 160 };
    const expected = {
      code: "ISOLATION_OUT_OF_MEMORY",
      message: 'the process of module "rogue" used more memory than its 160 MB',
    };
    expect(
      await failureOf("const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length));", { limits }),
    ).toMatchObject(expected);
    expect(
      await failureOf("const kept = []; for (;;) kept.push(Buffer.alloc(1024 * 1024, 1));", { limits }),
    ).toMatchObject(expected);
  });

  it("9. blocks its event loop: noticed by the heartbeat", async () => {
    expect(await failureOf("for (;;);", { limits: { heartbeatMs: 1500 } })).toMatchObject({
      code: "ISOLATION_BLOCKED",
      message: 'the event loop of module "rogue" did not turn for 1500 ms',
    });
  });

  it("10. leaves a rejection or an error unhandled: with its stack", async () => {
    const error = await failureOf(`void Promise.reject(new Error("forgotten")); await new Promise(() => {});`);
    expect(error).toMatchObject({
      code: "ISOLATION_UNHANDLED",
      message: 'an error in module "rogue" was handled by nobody: forgotten',
      cause: { message: "forgotten" },
    });
    expect((error.cause as Error).stack).toMatch(/rogue\/index\.js/);
    expect(
      await failureOf(`setTimeout(() => { throw new SyntaxError("later"); }); await new Promise(() => {});`),
    ).toMatchObject({ code: "ISOLATION_UNHANDLED", cause: { name: "SyntaxError", message: "later" } });
  });

  it("11. floods the host with calls: as many as are allowed are under way, then it is ended", async () => {
    let underWay = 0;
    let most = 0;
    const clock = {
      async tick() {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay--;
      },
    };
    const flood = "for (;;) context.clock.tick().catch(() => {});";
    const error = await failureOf(flood, { limits: { callsInFlight: 50, callsWaiting: 1000 } }, { clock });
    expect(error).toMatchObject({
      code: "ISOLATION_FLOODED",
      message: 'module "rogue" sent more than its process may: more than 1000 calls waited to be sent',
    });
    expect(most).toBeLessThanOrEqual(50);
  });

  it("12. sends a giant message: refused where it is made, and by its length where it arrives", async () => {
    const limits = { messageBytes: 1024 * 1024 };
    const host = await load(acting(`return Buffer.alloc(2 * 1024 * 1024);`), { limits });
    await host.start();
    const rogue = host.provided.rogue as Rogue;
    await expect(rogue.act()).rejects.toMatchObject({
      code: "ISOLATION_MESSAGE_TOO_LARGE",
      message: expect.stringMatching(
        /^the answer to the call of "act" on "rogue.rogue" has 2097\d+ bytes, more than the 1048576 that one message may have$/,
      ),
    });
    expect(await rogue.hello()).toBe("hello");

    const raw = `
      const { writeSync } = await import("node:fs");
      const head = Buffer.alloc(4);
      head.writeUInt32LE(1024 * 1024 * 1024);
      writeSync(3, head);
      await new Promise(() => {});
    `;
    expect(await failureOf(raw, { limits })).toMatchObject({
      code: "ISOLATION_MESSAGE_TOO_LARGE",
      message: 'a message of module "rogue" has 1073741824 bytes, more than the 1048576 that one message may have',
    });
  });

  it("floods the log and its output: lines are left out, and the module goes on", async () => {
    const host = await load(
      acting(`
        for (let n = 0; n < 100_000; n++) context.log.info({ text: "x".repeat(1000) }, "line");
        for (let n = 0; n < 100; n++) process.stdout.write("y\\n".repeat(10_000));
      `),
    );
    await host.start();
    const rogue = host.provided.rogue as Rogue;
    await rogue.act();
    await eventually(() =>
      expect(host.lines.some(({ message }) => /^\d+ lines were left out/.test(message))).toBe(true),
    );
    expect(await rogue.hello()).toBe("hello");
    expect(host.lines.length).toBeLessThan(150_000);
    expect(host.failures).toEqual([]);
  });

  it("writes something else to the channel: not acted on, and ended", async () => {
    const raw = `
      const { writeSync } = await import("node:fs");
      writeSync(3, Buffer.from([4, 0, 0, 0, 1, 2, 3, 4]));
      await new Promise(() => {});
    `;
    expect((await failureOf(raw)).code).toBe("ISOLATION_PROTOCOL");
  });

  it("closes the channel: ended", async () => {
    const close = `(await import("node:fs")).closeSync(3); await new Promise(() => {});`;
    expect((await failureOf(close, { limits: { exitMs: 200, heartbeatMs: 2000 } })).code).toMatch(
      /^ISOLATION_(?:PROTOCOL|EXITED|BLOCKED)$/,
    );
  });
});
