import { type Extension, type Lifecycle, PlatformErrors, type PlatformEvent } from "@plinth/module";
import { createFakeClock } from "@plinth/testing/clock";
import { expect, test } from "vitest";
import { ModuleLifecycle } from "./lifecycle.ts";
import { type Toy, toyModules } from "./toy.fixture.ts";

/** Toys that write their starts and stops into one log. */
function desk() {
  const log: string[] = [];
  const noted = (name: string, toy: Toy = {}): Toy => ({
    ...toy,
    setup(lifecycle: Lifecycle) {
      lifecycle.onStart(() => void log.push(`+${name}`));
      lifecycle.onStop(() => void log.push(`-${name}`));
      toy.setup?.(lifecycle);
    },
  });
  const said = () => log.splice(0).join(" ");
  return { noted, said };
}

const accept = () => {};
const none: ReadonlySet<string> = new Set();

test("a module comes and goes, and only what depends on it stops and starts", async () => {
  const { noted, said } = desk();
  const toys = { a: noted("a"), b: noted("b", { needs: ["a"] }), c: noted("c", { needs: ["b"] }), d: noted("d") };
  const lifecycle = new ModuleLifecycle({ modules: toyModules(toys) });
  await lifecycle.start();
  said();

  const withE = toyModules({ ...toys, e: noted("e", { needs: ["d"] }) });
  expect(await lifecycle.change({ modules: withE, renewed: none, accept })).toEqual({ restarted: [], errors: [] });
  expect(said()).toBe("+e");
  expect(lifecycle.status().modules.map(({ name, state }) => `${name} ${state}`)).toEqual(
    ["a", "b", "c", "d", "e"].map((name) => `${name} running`),
  );

  const { restarted } = await lifecycle.change({ modules: withE, renewed: new Set(["b"]), accept });
  expect(restarted).toEqual(["b", "c"]);
  expect(said()).toBe("-c -b +b +c");

  await lifecycle.change({ modules: toyModules(toys), renewed: none, accept });
  expect(said()).toBe("-e");
  await lifecycle.stop();
  expect(said().split(" ").sort().join(" ")).toBe("-a -b -c -d");
});

test("a module that wanted the newcomer is started again with it", async () => {
  const { noted, said } = desk();
  const lifecycle = new ModuleLifecycle({ modules: toyModules({ a: noted("a") }) });
  await lifecycle.start();
  said();
  const modules = toyModules({ extra: noted("extra"), a: noted("a", { wants: ["extra"] }) });
  await lifecycle.change({ modules, renewed: none, accept });
  expect(said()).toBe("-a +extra +a");
});

test("what does not start is taken back, and what was there before runs", async () => {
  const { noted, said } = desk();
  const good = toyModules({ a: noted("a"), b: noted("b", { needs: ["a"] }) });
  const bad = toyModules({
    a: noted("a2", {
      setup: (lifecycle) =>
        lifecycle.onStart(() => {
          throw new Error("no");
        }),
    }),
    b: noted("b2", { needs: ["a"] }),
  });
  const accepted: string[] = [];
  const lifecycle = new ModuleLifecycle({ modules: good });
  await lifecycle.start();
  said();
  const thrown = await lifecycle
    .change({
      modules: bad,
      renewed: new Set(["a"]),
      accept: (modules) => void accepted.push(modules === bad ? "bad" : "good"),
    })
    .catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(PlatformErrors);
  expect((thrown as PlatformErrors).errors.map(({ code }) => code)).toEqual(["START_FAILED"]);
  expect(said()).toBe("-b -a +a2 +a +b");
  expect(accepted).toEqual(["bad", "good"]);
  expect(lifecycle.status().state).toBe("running");
  expect(lifecycle.status().modules.every(({ state }) => state === "running")).toBe(true);
});

test("a module that is not critical and does not start is taken back too", async () => {
  const { noted, said } = desk();
  const lifecycle = new ModuleLifecycle({ modules: toyModules({ a: noted("a") }) });
  await lifecycle.start();
  said();
  const broken = noted("b", {
    critical: false,
    setup: () => {
      throw new Error("no");
    },
  });
  await expect(
    lifecycle.change({ modules: toyModules({ a: noted("a"), b: broken }), renewed: none, accept }),
  ).rejects.toThrow(PlatformErrors);
  expect(lifecycle.status().modules.map(({ name }) => name)).toEqual(["a"]);
  expect(said()).toBe("");
});

test("changes are made one after another, and none after the stop", async () => {
  const { noted, said } = desk();
  const modules = toyModules({ a: noted("a") });
  const lifecycle = new ModuleLifecycle({ modules });
  const early = lifecycle.change({ modules, renewed: none, accept });
  await expect(early).rejects.toMatchObject({ code: "CHANGE_NOT_RUNNING" });
  await lifecycle.start();
  const both = Promise.all([1, 2].map(() => lifecycle.change({ modules, renewed: new Set(["a"]), accept })));
  await both;
  expect(said()).toBe("+a -a +a -a +a");
  await lifecycle.stop();
  await expect(lifecycle.change({ modules, renewed: none, accept })).rejects.toMatchObject({
    code: "CHANGE_NOT_RUNNING",
  });
});

test("a stop in the middle of a change gives the change up and stops everything", async () => {
  const { noted, said } = desk();
  const lifecycle = new ModuleLifecycle({ modules: toyModules({ a: noted("a") }) });
  await lifecycle.start();
  let begun = () => {};
  const starting = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const slow = noted("b", {
    setup: (own) =>
      own.onStart(
        (signal) =>
          new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(new Error("told to end")), { once: true });
            begun();
          }),
      ),
  });
  const change = lifecycle
    .change({ modules: toyModules({ a: noted("a"), b: slow }), renewed: none, accept })
    .catch((error: unknown) => error);
  await starting;
  const report = await lifecycle.stop("enough");
  expect(((await change) as PlatformErrors).errors[0]?.code).toBe("START_INTERRUPTED");
  expect(report.errors).toEqual([]);
  expect(lifecycle.status().state).toBe("stopped");
  expect(said()).toBe("+a +b -a");
});

test("extensions hold what will be back, until it is over", async () => {
  const { noted } = desk();
  const held: string[] = [];
  const extension: Extension = {
    name: "holding",
    hold(names) {
      held.push(`hold ${names.join(" ")}`);
      return () => held.push("release");
    },
    afterStart: ({ name }) => void held.push(`up ${name}`),
  };
  const toys = { a: noted("a"), b: noted("b", { needs: ["a"] }) };
  const lifecycle = new ModuleLifecycle({ modules: toyModules(toys), extensions: [extension] });
  await lifecycle.start();
  held.length = 0;
  await lifecycle.change({ modules: toyModules(toys), renewed: new Set(["a"]), accept });
  expect(held).toEqual(["hold a b", "up a", "up b", "release"]);
});

test("a module that says that it cannot go on is stopped with its dependents and started again after a pause", async () => {
  const { noted, said } = desk();
  const clock = createFakeClock();
  const events: PlatformEvent[] = [];
  let fail: (error: Error) => void = () => {};
  const lifecycle = new ModuleLifecycle({
    clock,
    restart: { max: 2, window: 60_000, backoff: 500, maxBackoff: 30_000 },
    modules: toyModules({
      a: noted("a", {
        setup: (own) => {
          fail = own.fail;
        },
      }),
      b: noted("b", { needs: ["a"] }),
      c: noted("c"),
    }),
  });
  lifecycle.onEvent((event) => void events.push(event));
  const stateOf = (name: string) => lifecycle.status().modules.find((module) => module.name === name);
  await lifecycle.start();
  said();

  fail(new Error("lost the license"));
  await expect.poll(() => stateOf("a")?.state).toBe("failed");
  expect(stateOf("a")?.error).toMatchObject({ code: "RUN_FAILED" });
  expect(stateOf("b")).toMatchObject({ state: "stopped", skippedFor: "a" });
  expect(stateOf("c")?.state).toBe("running");
  await expect.poll(() => lifecycle.status().state).toBe("degraded");
  expect(said()).toBe("-b -a");

  await clock.advance(500);
  await expect.poll(() => lifecycle.status().state).toBe("running");
  expect(said()).toBe("+a +b");
  expect(stateOf("a")).toMatchObject({ restarts: 1, error: undefined });

  fail(new Error("again"));
  await expect.poll(() => stateOf("a")?.state).toBe("failed");
  await expect.poll(() => lifecycle.status().state).toBe("degraded");
  await clock.advance(1000);
  await expect.poll(() => stateOf("a")?.state).toBe("running");
  expect(stateOf("a")?.restarts).toBe(2);

  fail(new Error("and again"));
  await expect.poll(() => stateOf("a")?.error?.code).toBe("RESTART_LIMIT");
  await clock.advance(60_000);
  expect(stateOf("a")?.state).toBe("failed");
  const failures = events.flatMap((event) => (event.type === "module.failed" ? [event.error.code] : []));
  expect(failures).toEqual(["RUN_FAILED", "RUN_FAILED", "RUN_FAILED", "RESTART_LIMIT"]);
  await lifecycle.stop();
});

test("dependents of a module whose services stay good go on, and are told", async () => {
  const { noted, said } = desk();
  const clock = createFakeClock();
  const told: string[] = [];
  let fail: (error: Error) => void = () => {};
  const modules = toyModules({
    a: noted("a", {
      setup: (own) => {
        fail = own.fail;
      },
    }),
    b: noted("b", {
      needs: ["a"],
      setup: (own) => own.onDependency((name, isRunning) => void told.push(`${name} ${isRunning}`)),
    }),
  }).map((module) => ({ ...module, code: { definition: module.definition, outlivesRestarts: true } }));
  const lifecycle = new ModuleLifecycle({ clock, modules });
  await lifecycle.start();
  expect(told).toEqual([]);
  said();
  fail(new Error("gone"));
  await expect.poll(() => lifecycle.status().state).toBe("degraded");
  expect(told).toEqual(["a false"]);
  await clock.advance(500);
  await expect.poll(() => lifecycle.status().state).toBe("running");
  expect(told).toEqual(["a false", "a true"]);
  expect(said()).toBe("-a +a");
  await lifecycle.stop();
});
