import path from "node:path";
import { type PlatformError, problemsOf } from "@plinth/module";
import { describe, expect, it } from "vitest";
import { testFolder } from "../manifest/folder.fixture.ts";
import { createManifestSchema } from "../manifest/manifest-schema.ts";
import { readManifests } from "../manifest/read-manifests.ts";
import type { RegisteredModule } from "./boot-plan.ts";
import { moduleNamed } from "./modules.fixture.ts";
import { resolvePlan } from "./resolve-plan.ts";

const folder = testFolder();
let count = 0;

/** Modules in folders of their own, each with the lines of its manifest after the name. */
function modulesIn(manifests: Readonly<Record<string, string>>): RegisteredModule[] {
  const home = `p${count++}`;
  const files = Object.entries(manifests).map(([place, lines]) => {
    const name = path.basename(place);
    return folder.write(`${home}/${place}/module.yaml`, `name: ${name}\n${lines}`);
  });
  const read = readManifests(files, createManifestSchema());
  expect(read.problems).toEqual([]);
  return read.manifests.map((manifest) => ({
    manifest,
    source: "directory",
    path: path.dirname(manifest.file ?? ""),
    definition: undefined,
  }));
}

function problems(
  modules: readonly RegisteredModule[],
  options: Partial<Parameters<typeof resolvePlan>[1]> = {},
): PlatformError[] {
  try {
    resolvePlan(modules, { hostVersion: "1.2.0", ...options });
    return [];
  } catch (thrown) {
    return [...problemsOf(thrown)];
  }
}

function complaints(
  modules: readonly RegisteredModule[],
  options?: Partial<Parameters<typeof resolvePlan>[1]>,
): string {
  return folder.tell(problems(modules, options)).replaceAll(/\bp\d+\//g, "");
}

const needs = (...lines: readonly string[]) =>
  `version: 1.0.0\ndependencies:\n${lines.map((line) => `  ${line}\n`).join("")}`;

describe("a missing module", () => {
  it("is told once, with all who require it and a near name", () => {
    const modules = modulesIn({
      identity: "version: 1.0.0\n",
      tickets: needs("identiy: ^1.0.0"),
      reports: needs("tickets: ^1.0.0", "identiy: ^2.0.0"),
      audit: needs("warehouse: ^1.0.0"),
    });
    expect(complaints(modules)).toMatchInlineSnapshot(`
      "reports/module.yaml:5:3
        GRAPH_MISSING: there is no module "identiy", which is required by "reports" (^2.0.0) and "tickets" (^1.0.0)
        also at tickets/module.yaml:4:3
        fix: Did you mean "identity"? Otherwise add the module to the platform, or mark the dependency as optional.
      audit/module.yaml:4:3
        GRAPH_MISSING: there is no module "warehouse", which is required by "audit" (^1.0.0)
        fix: Add the module to the platform, or mark the dependency as optional."
    `);
  });

  it("is no problem when it is optional, or when its manifest was refused", () => {
    const modules = modulesIn({ tickets: needs("identity: ^1.0.0", "audit: { version: ^1.0.0, optional: true }") });
    expect(complaints(modules, { refused: ["identity"] })).toBe("");
  });
});

describe("a version that does not fit", () => {
  it("is told once, with all who require the module, their ranges and the version found", () => {
    const modules = modulesIn({
      identity: "version: 2.1.0\n",
      access: needs("identity: ^2.0.0"),
      tickets: needs("identity: ^1.0.0"),
      audit: needs('identity: ">=3.0.0"'),
      reports: needs("tickets: ^1.0.0", "identity: { version: ~1.4.0, optional: true }"),
    });
    expect(complaints(modules)).toMatchInlineSnapshot(`
      "audit/module.yaml:4:3
        GRAPH_VERSION: module "identity" is at 2.1.0, but "audit" needs >=3.0.0, "reports" needs ~1.4.0 and "tickets" needs ^1.0.0 (satisfied: "access" with ^2.0.0)
        also at reports/module.yaml:5:3
        also at tickets/module.yaml:4:3
        also at identity/module.yaml:2:1
        fix: Bring in a version of "identity" that satisfies every range, or widen the ranges."
    `);
  });

  it("of a pre-release is told with the reason", () => {
    const modules = modulesIn({ identity: "version: 2.0.0-rc.1\n", tickets: needs("identity: ^2.0.0") });
    expect(complaints(modules)).toMatchInlineSnapshot(`
      "tickets/module.yaml:4:3
        GRAPH_PRERELEASE: module "identity" is at the pre-release 2.0.0-rc.1, but "tickets" needs ^2.0.0; a range takes a pre-release only when it names one of the same version
        also at identity/module.yaml:2:1
        fix: Write ^2.0.0-rc.1 where this pre-release is wanted, or bring in the release."
    `);
  });

  it("of a later pre-release is told in the same way, and apart from ranges that are wrong anyhow", () => {
    const modules = modulesIn({
      identity: "version: 2.1.0-beta.1\n",
      tickets: needs("identity: ^2.0.0"),
      audit: needs("identity: ^1.0.0"),
      access: needs("identity: ^2.1.0-beta.0"),
    });
    expect(complaints(modules)).toMatchInlineSnapshot(`
      "audit/module.yaml:4:3
        GRAPH_VERSION: module "identity" is at 2.1.0-beta.1, but "audit" needs ^1.0.0 (satisfied: "access" with ^2.1.0-beta.0)
        also at identity/module.yaml:2:1
        fix: Bring in a version of "identity" that satisfies every range, or widen the ranges.
      tickets/module.yaml:4:3
        GRAPH_PRERELEASE: module "identity" is at the pre-release 2.1.0-beta.1, but "tickets" needs ^2.0.0; a range takes a pre-release only when it names one of the same version
        also at identity/module.yaml:2:1
        fix: Write ^2.1.0-beta.1 where this pre-release is wanted, or bring in the release."
    `);
  });

  it("tells of many who require it in short", () => {
    const many = Array.from({ length: 30 }, (_, at) => moduleNamed(`m${10 + at}`, { needs: { hub: "^2.0.0" } }));
    const [problem] = problems([moduleNamed("hub"), ...many]);
    expect(problem?.message).toContain('"m29" needs ^2.0.0 and 10 more');
  });
});

describe("a name that is taken", () => {
  it("is told with all paths", () => {
    const modules = modulesIn({ "one/tickets": "version: 1.0.0\n", "two/tickets": "version: 2.0.0\n" });
    const text = complaints([...modules, moduleNamed("tickets")].reverse());
    expect(text.replaceAll(`${folder.path}/`, "")).toMatchInlineSnapshot(`
      "one/tickets/module.yaml:1:1
        GRAPH_DUPLICATE: the module "tickets" is there 3 times: one/tickets, two/tickets and given in code
        also at two/tickets/module.yaml:1:1
        fix: Keep one of them, or rename the others."
    `);
  });

  it("does not hide what else is wrong", () => {
    const modules = modulesIn({
      "one/tickets": "version: 1.0.0\n",
      "two/tickets": "version: 2.0.0\n",
      audit: needs("ticket: ^1.0.0"),
    });
    expect(problems(modules).map(({ code }) => code)).toEqual(["GRAPH_DUPLICATE", "GRAPH_MISSING"]);
  });

  it("by a module of the platform is told so", () => {
    const [module] = modulesIn({ database: "version: 1.0.0\n" });
    const text = complaints([module as RegisteredModule, moduleNamed("database", { source: "platform" })]);
    expect(text).toMatchInlineSnapshot(`
      "database/module.yaml:1:1
        GRAPH_NAME_TAKEN: the module "database" (database) has the name of a module of the platform itself
        fix: Rename the module."
    `);
  });

  it("by two modules of the platform is told as any other", () => {
    const twice = [moduleNamed("http", { source: "platform" }), moduleNamed("http", { source: "platform" })];
    expect(complaints(twice)).toContain(
      'GRAPH_DUPLICATE: the module "http" is there 2 times: part of the platform and part of the platform',
    );
  });

  it("but for hyphens is told too, whatever the modules come from", () => {
    const [module] = modulesIn({ "help-desk": "version: 1.0.0\n" });
    expect(complaints([moduleNamed("helpdesk"), module as RegisteredModule])).toMatchInlineSnapshot(`
      "help-desk/module.yaml:1:1
        MANIFEST_NAME_TWINS: the modules "help-desk" and "helpdesk" differ only in punctuation
        fix: Rename one of them, so that the names also differ without hyphens."
    `);
  });
});

describe("a cycle", () => {
  it("is told as the shortest one, each dependency with its place", () => {
    const modules = modulesIn({
      tickets: needs("identity: ^1.0.0", "knowledge: ^1.0.0"),
      knowledge: needs("search: ^1.0.0", "identity: ^1.0.0"),
      search: needs("storage: ^1.0.0"),
      storage: needs("identity: ^1.0.0", "search: { version: ^1.0.0, optional: true }", "tickets: ^1.0.0"),
      identity: "version: 1.0.0\n",
    });
    expect(complaints(modules)).toMatchInlineSnapshot(`
      "search/module.yaml:4:3
        GRAPH_CYCLE: modules depend on each other in a circle: search -> storage -> search
        also at storage/module.yaml:5:3
        fix: Remove one of these dependencies, for example by moving what both sides need into a module of its own."
    `);
  });

  it("of one module is told too", () => {
    expect(complaints(modulesIn({ tickets: needs("tickets: ^1.0.0") }))).toMatchInlineSnapshot(`
      "tickets/module.yaml:4:3
        GRAPH_CYCLE: modules depend on each other in a circle: tickets -> tickets
        fix: Remove one of these dependencies, for example by moving what both sides need into a module of its own."
    `);
  });

  it("is told for each group of modules that hang together", () => {
    const modules = modulesIn({
      a: needs("b: ^1.0.0"),
      b: needs("a: ^1.0.0"),
      c: needs("d: ^1.0.0", "a: ^1.0.0"),
      d: needs("c: ^1.0.0"),
      e: needs("a: ^1.0.0"),
    });
    expect(problems(modules).map(({ message }) => message.split(": ")[1])).toEqual(["a -> b -> a", "c -> d -> c"]);
  });
});

describe("the host's version", () => {
  it("is held against platform: in each manifest", () => {
    const modules = modulesIn({
      tickets: "version: 1.0.0\nplatform: ^2.0.0\n",
      audit: "version: 1.0.0\nplatform: ^1.0.0\n",
    });
    expect(complaints(modules)).toMatchInlineSnapshot(`
      "tickets/module.yaml:3:1
        GRAPH_HOST_VERSION: module "tickets" works with platform ^2.0.0, but this platform is 1.2.0
        fix: Bring in a version of "tickets" for this platform, or widen the range where it works."
    `);
  });

  it("is told with the reason when it is a pre-release", () => {
    const modules = modulesIn({ tickets: "version: 1.0.0\nplatform: ^2.0.0\n" });
    expect(complaints(modules, { hostVersion: "2.0.0-rc.2" })).toMatchInlineSnapshot(`
      "tickets/module.yaml:3:1
        GRAPH_HOST_VERSION: module "tickets" works with platform ^2.0.0, but this platform is 2.0.0-rc.2
        fix: Write ^2.0.0-rc.2: a range takes a pre-release only when it names one of the same version."
    `);
  });
});

describe("a module of the platform", () => {
  it("may not depend on one of the application", () => {
    const modules = [moduleNamed("http", { source: "platform", needs: { tickets: "^1.0.0" } }), moduleNamed("tickets")];
    expect(complaints(modules)).toMatchInlineSnapshot(`
      "  GRAPH_PLATFORM_DEPENDENCY: module "http" of the platform depends on "tickets", which is a module of the application
        fix: Turn the dependency round: let the application's module require a service of the platform's."
    `);
  });
});

describe("all problems", () => {
  it("are told in one go", () => {
    const modules = modulesIn({
      a: needs("b: ^1.0.0"),
      b: needs("a: ^1.0.0"),
      c: needs("missing: ^1.0.0", "d: ^2.0.0"),
      d: "version: 1.0.0\nplatform: ^9.0.0\n",
      "one/e": "version: 1.0.0\n",
      "two/e": "version: 1.0.0\n",
    });
    expect(problems(modules).map(({ code }) => code)).toEqual([
      "GRAPH_DUPLICATE",
      "GRAPH_HOST_VERSION",
      "GRAPH_MISSING",
      "GRAPH_VERSION",
      "GRAPH_CYCLE",
    ]);
  });
});
