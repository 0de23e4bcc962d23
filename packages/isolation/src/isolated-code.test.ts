import { once } from "node:events";
import {
  noRights,
  PlatformError,
  platformError,
  type RemoteService,
  type ServiceConsumer,
  service,
} from "@plinth/module";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { eventually } from "./eventually.fixture.ts";
import { isAlive, ModuleFolders, ToyHost } from "./host.fixture.ts";
import type { IsolationOptions } from "./options.ts";

const folders = new ModuleFolders();
const hosts: ToyHost[] = [];

async function load(code: string, options?: IsolationOptions): Promise<ToyHost> {
  const host = await ToyHost.load(folders.module("toy", code), options);
  hosts.push(host);
  return host;
}

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.unload()));
});
afterAll(() => folders.remove());

/** A module that provides one service, made by this expression from its context. */
const providing = (service: string, requires = "{}") => `
  import { defineModule, scoped, service } from "@plinth/module";
  export default defineModule({
    requires: ${requires},
    provides: { toy: service("toy.toy") },
    setup: (context) => ({ toy: ${service} }),
  });
`;

// biome-ignore lint/suspicious/noExplicitAny: what a module in another process provides is not known here
type Provided = Record<string, (...args: any[]) => Promise<any>>;

async function toyOf(host: ToyHost, services: Readonly<Record<string, unknown>> = {}): Promise<Provided> {
  await host.start(services);
  return host.provided.toy as Provided;
}

describe("a module in a process of its own", () => {
  it("is described, started, called and stopped", async () => {
    const host = await load(`
      import { defineModule, service } from "@plinth/module";
      export default defineModule({
        requires: { users: service("identity.users") },
        optional: { search: service("search.search") },
        provides: { desk: service("toy.desk") },
        setup({ users, search, config, log, lifecycle }) {
          let started = "no";
          lifecycle.onStart(async () => { started = await users.nameOf(7); });
          lifecycle.onStop(() => log.info({ started }, "stopped"));
          return {
            desk: {
              greet: (whom) => config.greeting + " " + whom + " from " + started + " in " + process.pid,
              hasSearch: () => search !== undefined,
            },
          };
        },
      });
    `);
    expect(host.definition.requires).toEqual({ users: { id: "identity.users", module: "identity" } });
    expect(Object.keys(host.definition.optional)).toEqual(["search"]);
    const { pid } = host;
    expect(pid).not.toBe(process.pid);
    await host.start({ users: { nameOf: (id: number) => `user ${id}` } }, { greeting: "hello" });
    const desk = host.provided.desk as Provided;
    await expect(desk.greet?.("you")).resolves.toBe(`hello you from user 7 in ${pid}`);
    await expect(desk.hasSearch?.()).resolves.toBe(false);
    await host.stop();
    expect(host.lines).toContainEqual({ level: "info", fields: { started: "user 7" }, message: "stopped" });
    expect(host.pid).toBeUndefined();
    expect(isAlive(pid as number)).toBe(false);
    expect(host.failures).toEqual([]);
  });

  it("is started again by the same definition, and who held its services calls the new process", async () => {
    const host = await load(providing("{ pid: () => process.pid }"));
    const toy = await toyOf(host);
    const first = await toy.pid?.();
    await host.stop();
    await expect(toy.pid?.()).rejects.toMatchObject({
      code: "ISOLATION_NOT_RUNNING",
      message: 'module "toy" does not run, so its service "toy.toy" could not do "pid"',
    });
    await host.start();
    const second = await toy.pid?.();
    expect(second).toBe(host.pid);
    expect(second).not.toBe(first);
  });

  it("is refused a start when its code has come to require other services", async () => {
    const host = await load(providing("{}"));
    await host.start();
    await host.stop();
    folders.module("toy", providing("{}", `{ more: service("other.more") }`));
    await expect(host.start()).rejects.toMatchObject({ code: "ISOLATION_CODE_CHANGED" });
    expect(host.pid).toBeUndefined();
  });

  it.each([
    ["no definition", "export default 42;", "LOAD_NO_DEFINITION"],
    [
      "another's manifest",
      `${providing("{}").replace("defineModule({", 'defineModule({ name: "other", version: "1.0.0" }, {')}`,
      "LOAD_NAME_MISMATCH",
    ],
    ["an import that is not there", `import "./gone.js";`, "LOAD_IMPORT_FAILED"],
  ])("is refused for %s", async (_what, code, expected) => {
    await expect(load(code)).rejects.toMatchObject({ code: expected });
  });

  it("is a module without code where there is no entry file", async () => {
    const module = folders.module("empty", "");
    const host = await ToyHost.load({ ...module, path: folders.root });
    expect(host.definition).toBeUndefined();
  });

  it("cannot be where there is no folder", async () => {
    const module = folders.module("toy", "");
    await expect(ToyHost.load({ ...module, path: undefined })).rejects.toMatchObject({ code: "ISOLATION_NO_FOLDER" });
  });

  it("gets errors of setup as they are, also those of the wiring", async () => {
    const asynchronous = await load(providing("{}").replace("setup: (", "setup: async ("));
    await expect(asynchronous.start()).rejects.toMatchObject({ code: "WIRING_SETUP_ASYNC" });
    const forgetful = await load(providing("undefined"));
    await expect(forgetful.start()).rejects.toMatchObject({ code: "WIRING_MISSING_RESULT" });
  });
});

describe("a call between host and module", () => {
  it("copies dates, maps, sets, buffers and circles", async () => {
    const toy = await toyOf(await load(providing("{ echo: (...args) => args, add: (value) => value.get('n') + 1n }")));
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const values = [
      new Date(0),
      new Map([[1, new Set(["a"])]]),
      new Uint8Array([1, 2]),
      Buffer.from("text"),
      /x/g,
      circle,
      -0,
      undefined,
    ];
    expect(await toy.echo?.(...values)).toEqual(values);
    expect(await toy.add?.(new Map([["n", 41n]]))).toBe(42n);
  });

  it("takes an argument as it is at the call, whatever becomes of it", async () => {
    const toy = await toyOf(await load(providing("{ echo: (value) => value }")));
    const order = { state: "open" };
    const answer = toy.echo?.(order);
    order.state = "closed";
    expect(await answer).toEqual({ state: "open" });
  });

  it("brings errors of the module to the host with name, message, code, stack and causes", async () => {
    const toy = await toyOf(
      await load(
        providing(`{
          own() { class NoPaper extends Error { name = "NoPaper"; code = "E_PAPER"; tray = 2; }; throw new NoPaper("none left", { cause: new TypeError("why") }); },
          async platform() { const { PlatformError } = await import("@plinth/module"); throw new PlatformError({ code: "TOY_BROKEN", message: "it is broken", fix: "Mend it.", at: [{ file: "toy.ts", line: 3 }] }); },
          text() { throw "only text"; },
          nothing() { return Promise.reject(undefined); },
          aggregate() { throw new AggregateError([new Error("one"), new RangeError("two")], "both"); },
        }`),
      ),
    );
    const own = await toy.own?.().catch((error: unknown) => error);
    expect(own).toBeInstanceOf(Error);
    expect(own).toMatchObject({ name: "NoPaper", message: "none left", code: "E_PAPER", tray: 2 });
    expect(own.cause).toBeInstanceOf(TypeError);
    expect(own.stack).toMatch(/^NoPaper: none left\n.*toy\/index\.js/s);
    const problem = await toy.platform?.().catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(PlatformError);
    expect(problem.toJSON()).toEqual({
      code: "TOY_BROKEN",
      message: "it is broken",
      fix: "Mend it.",
      at: [{ file: "toy.ts", line: 3 }],
    });
    await expect(toy.text?.()).rejects.toBe("only text");
    await expect(toy.nothing?.()).rejects.toThrow("undefined was thrown");
    const both = await toy.aggregate?.().catch((error: unknown) => error);
    expect(both).toBeInstanceOf(AggregateError);
    expect(both.errors[1]).toBeInstanceOf(RangeError);
  });

  it("brings errors of the host to the module", async () => {
    const host = await load(
      providing(
        `{ async find() { try { await context.users.find(); } catch (error) { const { PlatformError } = await import("@plinth/module"); return [error instanceof PlatformError, error.code, error.message, error.stack.includes("isolated-code.test")]; } } }`,
        `{ users: service("identity.users") }`,
      ),
    );
    const find = () => Promise.reject(platformError("WIRING_SERVICE_ID", { id: "x" }));
    const toy = await toyOf(host, { users: { find } });
    const { message } = platformError("WIRING_SERVICE_ID", { id: "x" });
    expect(await toy.find?.()).toEqual([true, "WIRING_SERVICE_ID", message, true]);
  });

  it("names the method and the argument that cannot be copied, both ways, and goes on after that", async () => {
    const host = await load(
      providing(
        `{ echo: (value) => value, give: () => [() => 1], ask: (...args) => context.users.find(1, () => 2).catch((error) => error.message), hello: () => "hello" }`,
        `{ users: service("identity.users") }`,
      ),
    );
    const toy = await toyOf(host, { users: { find: () => 1 } });
    const others = [toy.hello?.(), toy.hello?.()];
    await expect(toy.echo?.("fine", { deep: [() => 1] })).rejects.toMatchObject({
      code: "ISOLATION_NOT_CLONEABLE",
      message:
        'argument 2 of the call of "echo" on "toy.toy" cannot be sent to another process: () => 1 could not be cloned',
    });
    expect(await Promise.all(others)).toEqual(["hello", "hello"]);
    await expect(toy.give?.()).rejects.toMatchObject({
      code: "ISOLATION_NOT_CLONEABLE",
      message:
        'the answer to the call of "give" on "toy.toy" cannot be sent to another process: () => 1 could not be cloned',
    });
    expect(await toy.ask?.()).toBe(
      'argument 2 of the call of "find" on "identity.users" cannot be sent to another process: () => 2 could not be cloned',
    );
    expect(await toy.hello?.()).toBe("hello");
  });

  it("refuses what is no method, on both sides", async () => {
    const host = await load(
      providing(
        `{ value: 42, ask: (name) => context.users[name]().catch((error) => error.code) }`,
        `{ users: service("identity.users") }`,
      ),
    );
    class Users {
      secret = "x";
      name() {
        return "ann";
      }
    }
    const toy = await toyOf(host, { users: new Users() });
    for (const name of ["value", "missing"]) {
      await expect(toy[name]?.()).rejects.toMatchObject({
        code: "ISOLATION_NO_METHOD",
        message: `the service "toy.toy" has no method "${name}"`,
      });
    }
    expect(await toy.ask?.("name")).toBe("ann");
    for (const name of ["secret", "missing"]) {
      expect(await toy.ask?.(name)).toBe("ISOLATION_NO_METHOD");
    }
  });

  it("is neither a promise nor anything else that is taken for one", async () => {
    const host = await load(providing("{ hello: () => 1 }"));
    const toy = await toyOf(host);
    expect(await (toy as unknown)).toBe(toy);
    expect(JSON.stringify(toy)).toBe("{}");
  });

  it("passes an AbortSignal on, as an argument, as a property of one, and from module to host", async () => {
    const host = await load(
      providing(
        `{
          wait: (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => { context.log.info({ reason: signal.reason }, "aborted"); reject(signal.reason); })),
          options: (_name, { signal, depth }) => new Promise((_, reject) => signal.addEventListener("abort", () => { context.log.info({ depth }, "aborted too"); })),
          async give() { const abort = new AbortController(); const asking = context.users.wait({ signal: abort.signal }); setTimeout(() => abort.abort(new RangeError("had enough"))); return asking.catch((error) => [error instanceof RangeError, error.message]); },
        }`,
        `{ users: service("identity.users") }`,
      ),
    );
    let seen: AbortSignal | undefined;
    const users = {
      wait: ({ signal }: { signal: AbortSignal }) => {
        seen = signal;
        return new Promise(() => {});
      },
    };
    const toy = await toyOf(host, { users });
    const abort = new AbortController();
    const waiting = toy.wait?.(abort.signal);
    const optional = toy.options?.("x", { signal: abort.signal, depth: 2 });
    await toy.give?.().then((result) => expect(result).toEqual([true, "had enough"]));
    await eventually(() => expect(seen?.aborted).toBe(true));
    expect(seen?.reason).toMatchObject({ name: "RangeError", message: "had enough" });
    const reason = new Error("not needed any more");
    abort.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(optional).rejects.toBe(reason);
    await eventually(() => expect(host.lines.map(({ message }) => message).sort()).toEqual(["aborted", "aborted too"]));
    expect(host.lines.find(({ message }) => message === "aborted")?.fields.reason).toMatchObject({
      message: reason.message,
    });
    await expect(toy.wait?.(AbortSignal.abort("before"))).rejects.toBe("before");
  });

  it("aborts what the host does for the module when its process dies", async () => {
    const host = await load(
      providing(
        `{ async die() { context.users.wait(new AbortController().signal).catch(() => {}); await new Promise((resolve) => setTimeout(resolve, 50)); process.exit(1); } }`,
        `{ users: service("identity.users") }`,
      ),
    );
    let seen: AbortSignal | undefined;
    const wait = (signal: AbortSignal) => {
      seen = signal;
      return new Promise(() => {});
    };
    const toy = await toyOf(host, { users: { wait } });
    await expect(toy.die?.()).rejects.toMatchObject({ code: "ISOLATION_CALL_LOST" });
    expect(seen?.aborted).toBe(true);
  });

  it("waits its turn when many are under way, and is refused when too many wait", async () => {
    const host = await load(
      providing(
        `{ most: 0, now: 0, async work() { this.most = Math.max(this.most, ++this.now); await new Promise((resolve) => setTimeout(resolve, 2)); this.now--; return this.most; } }`,
      ),
      { limits: { callsInFlight: 10, callsWaiting: 90 } },
    );
    const toy = await toyOf(host);
    const results = await Promise.allSettled(Array.from({ length: 105 }, () => toy.work?.()));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(100);
    const [refused] = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(refused).toMatchObject({
      code: "ISOLATION_BUSY",
      message: 'too many calls wait already (90): the call of "work" on "toy.toy" was not sent',
    });
    expect(await toy.work?.()).toBe(10);
    expect(host.failures).toEqual([]);
  });

  it("keeps what waits to be written within bounds, and loses nothing", async () => {
    const host = await load(
      providing("{ size: async (part) => { await new Promise((resolve) => setTimeout(resolve, 1)); return part; } }"),
      {
        limits: { bufferedBytes: 256 * 1024 },
      },
    );
    const toy = await toyOf(host);
    const part = Buffer.alloc(100_000, 7);
    const answers = await Promise.all(Array.from({ length: 200 }, () => toy.size?.(part)));
    expect(answers.every((answer) => part.equals(answer))).toBe(true);
  });
});

describe("the services of a module in a process of its own", () => {
  it("are one instance for each consumer where the module says so", async () => {
    const host = await load(
      providing(
        `scoped((consumer) => { let calls = 0; return { who: () => consumer.name + "@" + consumer.version + " " + ++calls }; })`,
      ),
    );
    await host.start();
    const desk = host.instance("toy", { name: "desk", version: "1.0.0" }) as Provided;
    const lamp = host.instance("toy", { name: "lamp", version: "2.0.0-rc.1" }) as Provided;
    expect(await desk.who?.()).toBe("desk@1.0.0 1");
    expect(await lamp.who?.()).toBe("lamp@2.0.0-rc.1 1");
    expect(await desk.who?.()).toBe("desk@1.0.0 2");
    expect(await (host.provided.toy as Provided).who?.()).toMatch(/^platform@/);
  });

  it("which the platform provides are made in the process where there is a remote end for them", async () => {
    interface Counter {
      next(): number;
      readonly log: string[];
    }
    const served: { signal?: AbortSignal; module?: ServiceConsumer } = {};
    const remote: RemoteService<Counter> = {
      service: service<Counter>("counter.counter"),
      entry: folders.file(
        "counter/remote.js",
        `export default (link) => {
          let count = 0;
          link.handle("reset", ([to], signal) => { count = to; return { from: link.module.name, aborts: signal.aborted }; });
          return { next: () => ++count, shared: () => link.call("shared", [count]), stuck: (abort) => { link.handle("begun", () => abort.abort("enough")); return link.call("stuck", [], { signal: abort.signal }); }, wrong: () => link.call("wrong") };
        };`,
      ),
      serve(counter, link) {
        served.signal = link.signal;
        served.module = link.module;
        link.handle("shared", async ([count]) => {
          const reset = await link.call("reset", [10]);
          return { count, sum: counter.next(), reset };
        });
        link.handle("stuck", async (_args, signal) => {
          void link.call("begun");
          await once(signal, "abort");
          counter.log.push("aborted");
          throw signal.reason;
        });
      },
    };
    const host = await load(
      providing(
        `{ run: async () => [context.counter.next(), context.counter.next(), await context.counter.shared(), context.counter.next()],
           stuck: () => context.counter.stuck(new AbortController()).catch((reason) => reason),
           wrong: () => context.counter.wrong() }`,
        `{ counter: service("counter.counter") }`,
      ),
      { remotes: [remote] },
    );
    const counter = { next: () => 100, log: [] as string[] };
    const toy = await toyOf(host, { counter });
    expect(await toy.run?.()).toEqual([1, 2, { count: 2, sum: 100, reset: { from: "toy", aborts: false } }, 11]);
    expect(await toy.stuck?.()).toBe("enough");
    await eventually(() => expect(counter.log).toEqual(["aborted"]));
    await expect(toy.wrong?.()).rejects.toMatchObject({ code: "ISOLATION_NO_METHOD" });
    expect(served.module).toEqual({ name: "toy", version: "1.2.3" });
    expect(served.signal?.aborted).toBe(false);
    await host.stop();
    expect(served.signal?.aborted).toBe(true);
  });
});

describe("the lifecycle of a module in a process of its own", () => {
  const withSetup = (code: string) => `
    import { defineModule } from "@plinth/module";
    export default defineModule({ setup({ lifecycle, log, config, clock }) { ${code} } });
  `;

  it("runs the hooks in the order of a module in the host", async () => {
    const host = await load(
      withSetup(`
        for (const name of ["one", "two"]) {
          lifecycle.onStart(() => { log.info("start " + name); lifecycle.onStop(() => log.info("stop of start " + name)); });
          lifecycle.onStop(() => log.info("stop " + name));
        }
        lifecycle.signal.addEventListener("abort", () => log.info("told"));
      `),
    );
    await host.start();
    await host.stop();
    expect(host.lines.map(({ message }) => message)).toEqual([
      "start one",
      "start two",
      "told",
      "stop of start two",
      "stop of start one",
      "stop two",
      "stop one",
    ]);
  });

  it("undoes what start hooks had begun when one of them fails", async () => {
    const host = await load(
      withSetup(`
        lifecycle.onStop(() => log.info("stop of setup"));
        lifecycle.onStart(() => { lifecycle.onStop(() => log.info("stop of start")); });
        lifecycle.onStart(() => { throw new Error("no"); });
        lifecycle.onStart(() => log.info("never"));
      `),
    );
    await expect(host.start()).rejects.toThrow("no");
    expect(host.lines.map(({ message }) => message)).toEqual(["stop of start"]);
  });

  it("tells start hooks that they are given up", async () => {
    const host = await load(
      withSetup(
        `lifecycle.onStart((signal) => new Promise((_, reject) => { log.info("waiting"); signal.addEventListener("abort", () => reject(signal.reason)); }));`,
      ),
    );
    const starting = host.start();
    await eventually(() => expect(host.lines).toHaveLength(1));
    host.giveUp(new Error("the platform stops"));
    await expect(starting).rejects.toThrow("the platform stops");
  });

  it("reports every stop hook that fails, and ends the process all the same", async () => {
    const host = await load(
      withSetup(
        `lifecycle.onStop(() => { throw new Error("first"); }); lifecycle.onStop(async () => { throw new TypeError("second"); });`,
      ),
    );
    await host.start();
    const error = await host.stop().catch((thrown: unknown) => thrown as AggregateError);
    expect((error as AggregateError).errors.map(String)).toEqual(["TypeError: second", "Error: first"]);
    expect(host.pid).toBeUndefined();
  });

  it("has its health checked where it runs", async () => {
    const host = await load(
      withSetup(`
        lifecycle.onHealth(() => {});
        lifecycle.onHealth(() => ({ status: "warn", message: "slow" }));
        lifecycle.onHealth(() => { throw new Error("queue is full"); });
      `),
    );
    await host.start();
    expect(await host.health()).toEqual([{ status: "fail", message: "slow; queue is full" }]);
  });

  it("hears of its dependencies, and can say that it cannot go on", async () => {
    const host = await load(
      withSetup(
        `lifecycle.onDependency((name, isRunning) => { log.info({ name, isRunning }, "dependency"); if (!isRunning) lifecycle.fail(new RangeError("cannot do without")); });`,
      ),
    );
    await host.start();
    host.dependency("identity", true);
    host.dependency("identity", false);
    await eventually(() => expect(host.failures).toHaveLength(1));
    expect(host.failures[0]).toBeInstanceOf(RangeError);
    expect(host.lines.map(({ fields }) => fields.isRunning)).toEqual([true, false]);
  });

  it("refuses hooks that come too late, as the host does", async () => {
    const host = await load(withSetup(`lifecycle.onStart(() => lifecycle.onHealth(() => {}));`));
    await expect(host.start()).rejects.toMatchObject({ code: "LIFECYCLE_SEALED" });
  });

  it("logs through the host, with errors as errors and whatever cannot be copied as text", async () => {
    const host = await load(
      withSetup(`
        log.child({ part: "a" }).warn({ error: new TypeError("odd"), fn: () => 1, deep: { at: new Date(0) } }, "look");
        log.debug("plain");
        console.log("to the output");
        console.error("to the error output");
      `),
    );
    await host.start();
    await eventually(() => expect(host.lines).toHaveLength(4));
    const [look, plain, ...output] = host.lines.toSorted(
      (a, b) => Number("stream" in a.fields) - Number("stream" in b.fields),
    );
    expect(look).toMatchObject({
      level: "warn",
      message: "look",
      fields: { part: "a", fn: "[Function: fn]", deep: { at: new Date(0) } },
    });
    expect(look?.fields.error).toBeInstanceOf(TypeError);
    expect(plain).toEqual({ level: "debug", fields: {}, message: "plain" });
    expect(output.map(({ fields, message }) => [fields.stream, message]).sort()).toEqual([
      ["stderr", "to the error output"],
      ["stdout", "to the output"],
    ]);
  });

  it("is given up while it is imported when the platform says so", async () => {
    const abort = new AbortController();
    const loading = ToyHost.load(
      folders.module("toy", "await new Promise((resolve) => setTimeout(resolve, 60_000));"),
      {},
      abort.signal,
    );
    abort.abort(new Error("the platform stops"));
    await expect(loading).rejects.toThrow("the platform stops");
  });
});

describe("a platform without the files of its own packages", () => {
  const needsCounter = providing("{ count: () => context.counter.next() }", `{ counter: service("counter.counter") }`);
  const remote: RemoteService<{ next(): number }> = {
    service: service("counter.counter"),
    get entry(): string {
      throw new Error("there is no such file in a bundle");
    },
    serve() {},
  };

  it("hands the parts of its services to its own child", async () => {
    const childEntry = new URL(
      folders.file(
        "dist/own-child.js",
        `import { runChild } from ${JSON.stringify(import.meta.resolve("@plinth/isolation/run-child"))};
         runChild({ "counter.counter": () => { let count = 0; return { next: () => ++count }; } });`,
      ),
    ).pathname;
    const source = new URL("..", import.meta.url).pathname;
    const birpc = new URL("../../..", import.meta.url).pathname;
    const read = [source, `${birpc}/node_modules`, `${birpc}/packages/module`];
    const host = await load(needsCounter, { remotes: [remote], childEntry, rights: { ...noRights, read } });
    const toy = await toyOf(host, { counter: {} });
    expect([await toy.count?.(), await toy.count?.()]).toEqual([1, 2]);
  });

  it("is told when it has not", async () => {
    const host = await load(needsCounter, { remotes: [remote] });
    await expect(host.start({ counter: {} })).rejects.toMatchObject({ code: "ISOLATION_NO_END" });
  });
});

it("a process that cannot be started is the module's failure", async () => {
  const module = folders.module("toy", providing("{}"));
  const host = await ToyHost.load(module);
  await host.start();
  await host.stop();
  folders.removeModule("toy");
  await expect(host.start()).rejects.toMatchObject({ code: "ISOLATION_SPAWN_FAILED" });
  folders.module("toy", providing("{}"));
  await host.start();
  expect(host.pid).toBeDefined();
  await host.stop();
});
