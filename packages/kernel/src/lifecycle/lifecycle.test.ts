import { type Lifecycle, PlatformErrors, type PlatformEvent, platformError } from "@plinth/module";
import { createFakeClock } from "@plinth/testing/clock";
import { describe, expect, it } from "vitest";
import { ModuleLifecycle } from "./lifecycle.ts";
import { statesIn, type Toy, toyModules } from "./toy.fixture.ts";

const never = () => new Promise<void>(() => {});

/** A toy that writes down its start and stop. */
function noted(log: string[], name: string, toy: Toy = {}): Toy {
  return {
    ...toy,
    setup(lifecycle: Lifecycle) {
      lifecycle.onStart(() => void log.push(`start ${name}`));
      lifecycle.onStop(() => void log.push(`stop ${name}`));
      toy.setup?.(lifecycle);
    },
  };
}

async function failureOf(start: Promise<unknown>): Promise<PlatformErrors> {
  const thrown = await start.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(PlatformErrors);
  return thrown as PlatformErrors;
}

describe("starting", () => {
  it("starts dependencies first and stops them last", async () => {
    const log: string[] = [];
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({
        a: noted(log, "a"),
        b: noted(log, "b", { needs: ["a"] }),
        c: noted(log, "c", { needs: ["b"] }),
      }),
    });
    expect((await lifecycle.start()).state).toBe("running");
    expect((await lifecycle.stop()).errors).toEqual([]);
    expect(log).toEqual(["start a", "start b", "start c", "stop c", "stop b", "stop a"]);
    expect(lifecycle.status().state).toBe("stopped");
  });

  it("starts independent modules side by side, and a dependent as soon as its own dependencies run", async () => {
    const clock = createFakeClock();
    const takes = (ms: number): Toy => ({
      setup: (lifecycle) => lifecycle.onStart(() => new Promise((resolve) => void clock.timer(ms, resolve))),
    });
    const lifecycle = new ModuleLifecycle({
      clock,
      modules: toyModules({ slow: takes(100), quick: takes(10), next: { ...takes(10), needs: ["quick"] } }),
    });
    const starting = lifecycle.start();
    await clock.advance(25);
    expect(lifecycle.status().modules.map(({ state }) => state)).toEqual(["starting", "running", "running"]);
    await clock.advance(75);
    const report = await starting;
    expect(report.durationMs).toBe(100);
    expect(report.criticalPath).toEqual([{ module: "slow", startMs: 0, durationMs: 100 }]);
    expect(report.spans).toContainEqual({ module: "next", phase: "start", startMs: 10, durationMs: 10 });
  });

  it("tells every transition as an event", async () => {
    const events: PlatformEvent[] = [];
    const lifecycle = new ModuleLifecycle({ modules: toyModules({ a: {}, b: { needs: ["a"] } }) });
    lifecycle.onEvent((event) => events.push(event));
    await lifecycle.start();
    await lifecycle.stop();
    expect(statesIn(events)).toEqual([
      "a:starting",
      "a:running",
      "b:starting",
      "b:running",
      "b:stopping",
      "b:stopped",
      "a:stopping",
      "a:stopped",
    ]);
    expect(events.flatMap((event) => (event.type === "platform.state" ? [event.to] : []))).toEqual([
      "starting",
      "running",
      "draining",
      "stopping",
      "stopped",
    ]);
  });

  it("names the chain of modules that made up the duration", async () => {
    const clock = createFakeClock();
    const takes = (ms: number, needs: string[]): Toy => ({
      needs,
      setup: (lifecycle) => lifecycle.onStart(() => new Promise((resolve) => void clock.timer(ms, resolve))),
    });
    const lifecycle = new ModuleLifecycle({
      clock,
      modules: toyModules({
        a: takes(50, []),
        b: takes(5, []),
        c: takes(20, ["b"]),
        d: takes(30, ["a", "c"]),
      }),
    });
    const starting = lifecycle.start();
    await clock.advance(80);
    expect((await starting).criticalPath.map(({ module, durationMs }) => [module, durationMs])).toEqual([
      ["a", 50],
      ["d", 30],
    ]);
  });
});

describe("a start that fails", () => {
  it("stops only what had started, in reverse, and names the culprit first", async () => {
    const log: string[] = [];
    const broken = new Error("no connection");
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({
        a: noted(log, "a"),
        b: noted(log, "b", { needs: ["a"] }),
        c: {
          needs: ["b"],
          setup(lifecycle) {
            lifecycle.onStart(() => Promise.reject(broken));
            lifecycle.onStop(() => void log.push("stop c"));
          },
        },
        d: noted(log, "d", { needs: ["c"] }),
      }),
    });
    const { errors } = await failureOf(lifecycle.start());
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      ["START_FAILED", 'module "c" failed in start: no connection'],
    ]);
    expect(errors[0]?.cause).toBe(broken);
    expect(log).toEqual(["start a", "start b", "stop b", "stop a"]);
    expect(lifecycle.status()).toMatchObject({ state: "failed" });
    expect(lifecycle.status().modules.map(({ state }) => state)).toEqual(["stopped", "stopped", "failed", "loaded"]);
  });

  it("undoes what a failed module's own start had begun", async () => {
    const log: string[] = [];
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({
        a: {
          setup(lifecycle) {
            lifecycle.onStart(() => {
              lifecycle.onStop(() => void log.push("closed"));
            });
            lifecycle.onStart(() => Promise.reject(new Error("later")));
          },
        },
      }),
    });
    await failureOf(lifecycle.start());
    expect(log).toEqual(["closed"]);
  });

  it("gives up on one that hangs, by its name, and rolls back on a budget of its own", async () => {
    const clock = createFakeClock();
    const log: string[] = [];
    const lifecycle = new ModuleLifecycle({
      clock,
      modules: toyModules({
        a: {
          setup: (lifecycle) =>
            lifecycle.onStop(async () => {
              await new Promise<void>((resolve) => void clock.timer(10_000, resolve));
              log.push("stopped a");
            }),
        },
        b: { needs: ["a"], timeouts: { start: 15_000 }, setup: (lifecycle) => lifecycle.onStart(never) },
      }),
    });
    const failing = failureOf(lifecycle.start());
    await clock.advance(15_000);
    await clock.advance(10_000);
    const { errors } = await failing;
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      ["START_TIMEOUT", 'module "b" did not finish start within 15000 ms'],
    ]);
    expect(log).toEqual(["stopped a"]);
  });

  it("stops and discards a start that ends after its time", async () => {
    const clock = createFakeClock();
    const log: string[] = [];
    const events: PlatformEvent[] = [];
    const opened = Promise.withResolvers<void>();
    const lifecycle = new ModuleLifecycle({
      clock,
      modules: toyModules({
        a: {
          critical: false,
          timeouts: { start: 1_000 },
          setup(lifecycle) {
            lifecycle.onStart(() => opened.promise);
            lifecycle.onStop(() => void log.push("closed"));
          },
        },
      }),
    });
    lifecycle.onEvent((event) => events.push(event));
    const starting = lifecycle.start();
    await clock.advance(1_000);
    expect((await starting).state).toBe("degraded");
    expect(log).toEqual([]);
    await clock.advance(500);
    opened.resolve();
    await clock.advance(0);
    expect(log).toEqual(["closed"]);
    expect(events.at(-1)).toMatchObject({ type: "module.late", module: "a", afterMs: 1_500 });
    expect(lifecycle.status().modules[0]?.state).toBe("failed");
  });

  it("tells what is starting beside the culprit to end, and stops it when it starts all the same", async () => {
    const log: string[] = [];
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({
        culprit: { setup: (lifecycle) => lifecycle.onStart(() => Promise.reject(new Error("broken"))) },
        obedient: {
          setup: (lifecycle) =>
            lifecycle.onStart(
              (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
            ),
        },
        stubborn: {
          setup(lifecycle) {
            lifecycle.onStart((signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())));
            lifecycle.onStop(() => void log.push("stop stubborn"));
          },
        },
      }),
    });
    const { errors } = await failureOf(lifecycle.start());
    expect(errors.map(({ message }) => message)).toEqual(['module "culprit" failed in start: broken']);
    expect(log).toEqual(["stop stubborn"]);
    const [, obedient] = lifecycle.status().modules;
    expect(obedient?.error).toMatchObject({ code: "START_CANCELLED" });
  });

  it("reports what failed in the rollback too, after the culprit", async () => {
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({
        a: { setup: (lifecycle) => lifecycle.onStop(() => Promise.reject(new Error("stuck"))) },
        b: { needs: ["a"], setup: (lifecycle) => lifecycle.onStart(() => Promise.reject(new Error("broken"))) },
      }),
    });
    const { errors } = await failureOf(lifecycle.start());
    expect(errors.map(({ message }) => message)).toEqual([
      'module "b" failed in start: broken',
      'module "a" failed while stopping: stuck',
    ]);
  });

  it("reports a module whose setup throws", async () => {
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({
        a: {
          setup() {
            throw new Error("bad wiring");
          },
        },
      }),
    });
    expect((await failureOf(lifecycle.start())).errors[0]?.message).toBe('module "a" failed in setup: bad wiring');
  });
});

describe("a module that is not critical", () => {
  it("fails alone: its dependents are skipped, optional ones go on, and the root cause is named once", async () => {
    const log: string[] = [];
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({
        search: { critical: false, setup: (lifecycle) => lifecycle.onStart(() => Promise.reject(new Error("down"))) },
        suggest: { needs: ["search"] },
        trends: { needs: ["suggest"] },
        tickets: noted(log, "tickets", { wants: ["search"] }),
      }),
    });
    const report = await lifecycle.start();
    expect(report.state).toBe("degraded");
    expect(report.failures).toMatchObject([
      { module: "search", error: { message: 'module "search" failed in start: down' }, skipped: ["suggest", "trends"] },
    ]);
    expect(lifecycle.status().modules.map(({ state, skippedFor }) => [state, skippedFor])).toEqual([
      ["failed", undefined],
      ["skipped", "search"],
      ["skipped", "search"],
      ["running", undefined],
    ]);
    expect(log).toEqual(["start tickets"]);
    await lifecycle.stop();
    expect(log).toEqual(["start tickets", "stop tickets"]);
  });
});

describe("stopping", () => {
  it("goes on after a stop hook that throws, and reports all of them", async () => {
    const log: string[] = [];
    const throwing = (message: string): Toy => ({
      setup: (lifecycle) =>
        lifecycle.onStop(() => {
          throw new Error(message);
        }),
    });
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({
        a: noted(log, "a"),
        b: { ...throwing("first"), needs: ["a"] },
        c: { ...throwing("second"), needs: ["b"] },
      }),
    });
    await lifecycle.start();
    const { errors } = await lifecycle.stop();
    expect(errors.map(({ message }) => message)).toEqual([
      'module "c" failed while stopping: second',
      'module "b" failed while stopping: first',
    ]);
    expect(log).toEqual(["start a", "stop a"]);
  });

  it("leaves a stop hook that hangs after the module's limit", async () => {
    const clock = createFakeClock();
    const log: string[] = [];
    const lifecycle = new ModuleLifecycle({
      clock,
      modules: toyModules({
        a: noted(log, "a"),
        b: { needs: ["a"], timeouts: { stop: 2_000 }, setup: (lifecycle) => lifecycle.onStop(never) },
      }),
    });
    await lifecycle.start();
    const stopping = lifecycle.stop();
    await clock.advance(2_000);
    expect((await stopping).errors.map(({ message }) => message)).toEqual(['module "b" did not stop within 2000 ms']);
    expect(log).toEqual(["start a", "stop a"]);
  });

  it("ends after the total limit and names what is still open", async () => {
    const clock = createFakeClock();
    const hang: Toy = { timeouts: { stop: 60_000 }, setup: (lifecycle) => lifecycle.onStop(never) };
    const lifecycle = new ModuleLifecycle({ clock, modules: toyModules({ a: {}, b: { ...hang, needs: ["a"] } }) });
    await lifecycle.start();
    const stopping = lifecycle.stop();
    await clock.advance(30_000);
    expect((await stopping).errors.map(({ message }) => message)).toEqual([
      "the platform did not stop within 30000 ms; still open: a, b",
    ]);
  });

  it("runs the hooks once, however many stops are asked for", async () => {
    const log: string[] = [];
    const lifecycle = new ModuleLifecycle({ modules: toyModules({ a: noted(log, "a") }) });
    await lifecycle.start();
    await Promise.all([lifecycle.stop(), lifecycle.stop(), lifecycle.stop()]);
    expect(log).toEqual(["start a", "stop a"]);
  });

  it("cancels a start that is still going on and stops what had started", async () => {
    const log: string[] = [];
    const platform = new ModuleLifecycle({
      modules: toyModules({
        a: noted(log, "a"),
        b: {
          needs: ["a"],
          setup: (lifecycle) =>
            lifecycle.onStart(
              (signal) =>
                new Promise((_, reject) => {
                  signal.addEventListener("abort", () => reject(signal.reason));
                  queueMicrotask(() => platform.stop("SIGTERM"));
                }),
            ),
        },
        c: noted(log, "c", { needs: ["b"] }),
      }),
    });
    const { errors } = await failureOf(platform.start());
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      ["START_INTERRUPTED", "the platform was asked to stop before it had started (SIGTERM)"],
    ]);
    expect((await platform.stop()).errors).toEqual([]);
    expect(log).toEqual(["start a", "stop a"]);
  });

  it("runs the extensions' hooks around each module, and drain once before all", async () => {
    const log: string[] = [];
    const note = (hook: string) => (facts: { name: string }) => void log.push(`${hook} ${facts.name}`);
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({ a: noted(log, "a"), b: noted(log, "b", { needs: ["a"] }) }),
      extensions: [
        {
          name: "noting",
          beforeSetup: note("beforeSetup"),
          beforeStart: note("beforeStart"),
          afterStart: note("afterStart"),
          beforeStop: note("beforeStop"),
          afterStop: note("afterStop"),
          drain: () => void log.push("drain"),
        },
      ],
    });
    await lifecycle.start();
    await lifecycle.stop();
    expect(log).toEqual([
      ...["a", "b"].flatMap((name) => [
        `beforeSetup ${name}`,
        `beforeStart ${name}`,
        `start ${name}`,
        `afterStart ${name}`,
      ]),
      "drain",
      ...["b", "a"].flatMap((name) => [`beforeStop ${name}`, `stop ${name}`, `afterStop ${name}`]),
    ]);
  });

  it("fails a module whose extension hook throws", async () => {
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({ a: {} }),
      extensions: [
        {
          name: "strict",
          beforeStart() {
            throw platformError("LIFECYCLE_SEALED", { module: "a", hook: "x" });
          },
        },
      ],
    });
    expect((await failureOf(lifecycle.start())).errors[0]?.code).toBe("LIFECYCLE_SEALED");
  });
});

describe("hooks and health", () => {
  it("refuses a start hook that is registered too late", async () => {
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({
        a: { setup: (lifecycle) => lifecycle.onStart(() => lifecycle.onStart(() => {})) },
      }),
    });
    const { errors } = await failureOf(lifecycle.start());
    expect(errors[0]?.message).toBe('module "a" registered a hook (onStart) too late');
  });

  it("tells the module whose code is running, also after an await", async () => {
    const seen: (string | undefined)[] = [];
    const lifecycle = new ModuleLifecycle({
      modules: toyModules({
        a: {
          setup: (hooks) =>
            hooks.onStart(async () => {
              await Promise.resolve();
              seen.push(lifecycle.currentModule());
            }),
        },
      }),
    });
    await lifecycle.start();
    expect([...seen, lifecycle.currentModule()]).toEqual(["a", undefined]);
  });

  it("shows the worst of a module's checks, and a check that hangs as failed", async () => {
    const clock = createFakeClock();
    const lifecycle = new ModuleLifecycle({
      clock,
      modules: toyModules({
        a: { setup: (hooks) => hooks.onHealth(() => {}) },
        b: {
          setup(hooks) {
            hooks.onHealth(() => ({ status: "warn", message: "slow" }));
            hooks.onHealth(never);
          },
        },
        c: { setup: (hooks) => hooks.onHealth(() => Promise.reject(new Error("gone"))) },
      }),
    });
    await lifecycle.start();
    const checking = lifecycle.health();
    await clock.advance(5_000);
    expect(await checking).toEqual([
      { module: "a", status: "pass", messages: [], durationMs: 0 },
      { module: "b", status: "fail", messages: ["slow", "no answer within 5000 ms"], durationMs: 5_000 },
      { module: "c", status: "fail", messages: ["gone"], durationMs: 0 },
    ]);
  });
});
