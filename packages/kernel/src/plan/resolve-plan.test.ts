import { PlatformErrors, problemsOf } from "@plinth/module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BootPlan, RegisteredModule } from "./boot-plan.ts";
import { moduleNamed, modulesFrom, type Sketch, told } from "./modules.fixture.ts";
import { resolvePlan } from "./resolve-plan.ts";

const hostVersion = "1.0.0";
const seed = 20_260;

function plan(sketches: Readonly<Record<string, Sketch>>): string[] {
  return told(resolvePlan(modulesFrom(sketches), { hostVersion }));
}

const any = "*";

describe("a boot plan", () => {
  it("of nothing is empty", () => {
    expect(plan({})).toEqual([]);
  });

  it("puts dependencies first, and modules of one level by name", () => {
    expect(
      plan({
        tickets: { needs: { knowledge: any, identity: any } },
        audit: {},
        reports: { needs: { tickets: any, audit: any } },
        identity: {},
        knowledge: { needs: { identity: any } },
        access: { needs: { identity: any } },
      }),
    ).toEqual([
      "audit",
      "identity",
      "access <- identity",
      "knowledge <- identity",
      "tickets <- identity knowledge",
      "reports <- audit tickets",
    ]);
  });

  it("knows who waits for whom", () => {
    const { modules } = resolvePlan(modulesFrom({ c: { needs: { a: any } }, b: { needs: { a: any } }, a: {} }), {
      hostVersion,
    });
    expect(modules.map(({ index, dependencies, dependents }) => [index, dependencies, dependents])).toEqual([
      [0, [], [1, 2]],
      [1, [0], []],
      [2, [0], []],
    ]);
  });

  it("keeps manifest, source, path and code of each module", () => {
    const module = moduleNamed("a", { source: "plugin", path: "/plugins/a" });
    const [planned] = resolvePlan([module], { hostVersion }).modules;
    expect(planned).toEqual({ ...module, index: 0, dependencies: [], dependents: [] });
    expect(planned?.manifest).toBe(module.manifest);
  });

  it("waits for an optional dependency that is there, and not for one that is not", () => {
    expect(plan({ a: { needs: { z: "?^1.0.0", absent: "?^1.0.0" } }, z: {} })).toEqual(["z", "a <- z"]);
  });

  it("sorts names by their characters, not by a language", () => {
    expect(plan({ b: {}, "a-b": {}, a1: {}, a: {} })).toEqual(["a", "a-b", "a1", "b"]);
  });
});

describe("modules of the platform", () => {
  const platform = { source: "platform" } as const;

  it("start before all others, which need not say that they depend on them", () => {
    expect(
      plan({
        audit: {},
        tickets: { needs: { identity: any } },
        identity: {},
        database: platform,
        http: { ...platform, needs: { zebra: any } },
        zebra: platform,
      }),
    ).toEqual([
      "database",
      "zebra",
      "http <- zebra",
      "audit <- database http",
      "identity <- database http",
      "tickets <- identity",
    ]);
  });

  it("may be depended on by name, which adds no second edge", () => {
    expect(plan({ tickets: { needs: { database: "^1.0.0" } }, database: platform, http: platform })).toEqual([
      "database",
      "http",
      "tickets <- database http",
    ]);
  });

  it("come before a module that depends on one of them only", () => {
    expect(plan({ a: { needs: { low: any } }, low: platform, high: { ...platform, needs: { low: any } } })).toEqual([
      "low",
      "high <- low",
      "a <- low high",
    ]);
  });

  it("come before a module whose only other dependency is absent", () => {
    expect(plan({ a: { needs: { absent: "?*" } }, database: platform })).toEqual(["database", "a <- database"]);
  });

  it("may depend on each other, optionally too", () => {
    expect(plan({ b: { ...platform, needs: { a: "?*", none: "?*" } }, a: platform })).toEqual(["a", "b <- a"]);
  });
});

/** Random modules without cycles: each depends on some of those before it. */
const acyclic = fc
  .array(
    fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/),
      isPlatform: fc.boolean(),
      edges: fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
    }),
    { maxLength: 30 },
  )
  .map((nodes) => {
    const unique = [...new Map(nodes.map((node) => [node.name, node])).values()];
    return unique.map(({ name, isPlatform, edges }, at) => {
      const others = unique.slice(0, at).filter((other) => other.isPlatform || !isPlatform);
      const needs = Object.fromEntries(edges.flatMap((edge) => (others[edge] ? [[others[edge].name, any]] : [])));
      return moduleNamed(name, { needs, source: isPlatform ? "platform" : "directory" });
    });
  });

/** The same modules in two orders. */
const inTwoOrders = <Modules>(modules: fc.Arbitrary<Modules[]>) =>
  modules.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
  );

describe("for any modules without cycles", () => {
  it(`every dependency comes first, every module of the platform before all others (1,000 cases, seed ${seed})`, () => {
    const law = fc.property(acyclic, (modules) => {
      const { modules: planned } = resolvePlan(modules, { hostVersion });
      expect(planned).toHaveLength(modules.length);
      const at = new Map(planned.map(({ manifest, index }) => [manifest.name, index]));
      for (const { manifest, index, dependencies, dependents } of planned) {
        expect(planned[index]?.manifest).toBe(manifest);
        for (const { name } of manifest.dependencies) expect(dependencies).toContain(at.get(name));
        expect(dependencies).toEqual([...dependencies].sort((a, b) => a - b));
        for (const dependency of dependencies) {
          expect(dependency).toBeLessThan(index);
          expect(planned[dependency]?.dependents).toContain(index);
        }
        expect(dependents).toEqual([...dependents].sort((a, b) => a - b));
        for (const dependent of dependents) expect(planned[dependent]?.dependencies).toContain(index);
      }
      expectPlatformFirst(planned);
    });
    fc.assert(law, { numRuns: 1000, seed });
  });

  it(`the plan is the same in any order of registration (1,000 cases, seed ${seed})`, () => {
    const law = fc.property(inTwoOrders(acyclic), ([one, other]) => {
      expect(resolvePlan(other, { hostVersion })).toEqual(resolvePlan(one, { hostVersion }));
    });
    fc.assert(law, { numRuns: 1000, seed });
  });
});

/** Each application module waits, directly or not, for each module of the platform. */
function expectPlatformFirst(planned: BootPlan["modules"]): void {
  const platform = planned.filter(({ source }) => source === "platform");
  const reached = new Map<number, Set<number>>();
  for (const { index, source, dependencies } of planned) {
    const below = new Set(dependencies.flatMap((at) => [at, ...(reached.get(at) ?? [])]));
    reached.set(index, below);
    if (source === "platform") expect(index).toBeLessThan(platform.length);
    else for (const { index: other } of platform) expect(below.has(other)).toBe(true);
  }
}

describe("for any modules at all", () => {
  /** Few names, so that there are cycles, duplicates, twins and missing ones. */
  const name = fc.constantFrom("a", "b", "c", "a-b", "ab", "platform", "x");
  const messy = fc.array(
    fc.record({
      name,
      needs: fc.dictionary(name, fc.constantFrom("^1.0.0", "^2.0.0", "?^1.0.0", "?^3.0.0"), { maxKeys: 3 }),
      version: fc.constantFrom("1.0.0", "2.0.0", "2.0.0-rc.1"),
      platform: fc.constantFrom(undefined, "^1.0.0", "^2.0.0"),
      source: fc.constantFrom("platform", "directory", "static"),
      path: fc.constantFrom("/one", "/two", "/three"),
    }),
    { maxLength: 8 },
  );

  it(`the plan or the problems are the same in any order of registration (3,000 cases, seed ${seed})`, () => {
    const modules = messy.map((sketches) =>
      sketches.map(({ platform, ...sketch }) =>
        moduleNamed(sketch.name, { ...sketch, ...(platform === undefined ? {} : { platform }) }),
      ),
    );
    const law = fc.property(inTwoOrders(modules), ([one, other]) => {
      expect(outcome(other)).toEqual(outcome(one));
    });
    fc.assert(law, { numRuns: 3000, seed });
  });
});

function outcome(modules: readonly RegisteredModule[]): unknown {
  try {
    return told(resolvePlan(modules, { hostVersion }));
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(PlatformErrors);
    return problemsOf(thrown).map(({ code, message, fix }) => ({ code, message, fix }));
  }
}

describe("size", () => {
  const chain = (length: number) =>
    Array.from({ length }, (_, at) => moduleNamed(`m${at}`, at === 0 ? {} : { needs: { [`m${at - 1}`]: "^1.0.0" } }));

  it("may be a chain of 100,000 modules, registered from its end", () => {
    const { modules } = resolvePlan(chain(100_000).reverse(), { hostVersion });
    expect(modules).toHaveLength(100_000);
    expect(modules[0]?.manifest.name).toBe("m0");
    expect(modules[99_999]?.dependencies).toEqual([99_998]);
  });

  it("may be 10,000 modules that depend on one", () => {
    const many = Array.from({ length: 10_000 }, (_, at) => moduleNamed(`m${at}`, { needs: { hub: any } }));
    const { modules } = resolvePlan([...many, moduleNamed("hub")], { hostVersion });
    expect(modules[0]?.dependents).toHaveLength(10_000);
    expect(modules[0]?.dependents.slice(0, 3)).toEqual([1, 2, 3]);
  });

  it("may be a circle of 100,000 modules, which is told in short", () => {
    const [, ...rest] = chain(100_000);
    const circle = [moduleNamed("m0", { needs: { m99999: "^1.0.0" } }), ...rest];
    expect(() => resolvePlan(circle, { hostVersion })).toThrow(
      /: m0 -> m99999 -> .* -> \(99980 more\) -> .* -> m1 -> m0$/,
    );
  });

  it("may be 10,000 missing modules", () => {
    const modules = Array.from({ length: 10_000 }, (_, at) => moduleNamed(`m${at}`, { needs: { [`n${at}`]: any } }));
    expect(() => resolvePlan(modules, { hostVersion })).toThrow('GRAPH_MISSING: there is no module "n9999"');
  });
});
