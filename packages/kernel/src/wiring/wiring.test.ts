import { defineModule, type Manifest, type ModuleDefinition, scoped, service } from "@plinth/module";
import { describe, expect, it } from "vitest";
import type { LoadedModule } from "../loader/load-modules.ts";
import { checkWiring } from "./check-wiring.ts";
import { connect, provide, type Services } from "./connect.ts";

const Users = service<{ name(): string }>("identity.users");
const Search = service<{ find(): void }>("search.search");

function loaded(
  name: string,
  definition: ModuleDefinition,
  more: { needs?: Record<string, { optional?: boolean }>; source?: LoadedModule["source"] } = {},
): LoadedModule {
  const manifest: Manifest = {
    name,
    version: "1.2.0",
    description: undefined,
    platform: undefined,
    dependencies: Object.entries(more.needs ?? {}).map(([other, { optional = false }]) => ({
      name: other,
      range: "*",
      optional,
    })),
    main: undefined,
    critical: true,
    timeouts: { start: undefined, stop: undefined },
    sections: {},
    file: `${name}/module.yaml`,
  };
  return {
    manifest,
    source: more.source ?? "directory",
    path: name,
    index: 0,
    dependencies: [],
    dependents: [],
    definition,
    loadError: undefined,
    loadMs: 0,
  };
}

const identity = loaded(
  "identity",
  defineModule({ provides: { users: Users }, setup: () => ({ users: { name: () => "" } }) }),
);
const asking = defineModule({ requires: { users: Users }, setup() {} });

const found = (...modules: LoadedModule[]) =>
  checkWiring(modules).map(({ code, message, fix, at }) => ({ code, message, fix, file: at[0]?.file }));

describe("checkWiring", () => {
  it("accepts a service of a declared dependency and one of the platform", () => {
    expect(found(identity, loaded("tickets", asking, { needs: { identity: {} } }))).toEqual([]);
    expect(found({ ...identity, source: "platform" }, loaded("tickets", asking))).toEqual([]);
  });

  it("refuses a service whose provider is not a declared dependency, with the line to add", () => {
    expect(found(identity, loaded("tickets", asking))).toEqual([
      {
        code: "WIRING_UNDECLARED",
        message:
          'module "tickets" requires the service "identity.users", but does not declare a dependency on "identity"',
        fix: 'Add to dependencies in its manifest: identity: "^1.2.0"',
        file: "tickets/module.yaml",
      },
    ]);
  });

  it("refuses a required service of an optional dependency, and allows an optional one", () => {
    const needs = { identity: { optional: true } };
    expect(found(identity, loaded("tickets", asking, { needs }))).toMatchObject([{ code: "WIRING_OPTIONAL_REQUIRED" }]);
    const maybe = defineModule({ optional: { users: Users }, setup() {} });
    expect(found(identity, loaded("tickets", maybe, { needs }))).toEqual([]);
    expect(found(loaded("tickets", maybe, { needs }))).toEqual([]);
  });

  it("refuses a service that its provider does not provide, and says which it does", () => {
    const wrong = defineModule({ requires: { groups: service("identity.groups") }, setup() {} });
    expect(found(identity, loaded("tickets", wrong, { needs: { identity: {} } }))).toMatchObject([
      {
        code: "WIRING_NOT_PROVIDED",
        fix: "Require one of what it provides (identity.users), or add it under provides there.",
      },
    ]);
  });

  it("refuses a provided service whose id belongs to another module", () => {
    const thief = defineModule({ provides: { search: Search }, setup: () => ({ search: { find() {} } }) });
    expect(found(loaded("tickets", thief))).toMatchObject([{ code: "WIRING_FOREIGN_PROVIDES" }]);
  });

  it("reports all modules' problems at once", () => {
    expect(found(identity, loaded("a", asking), loaded("b", asking))).toHaveLength(2);
  });
});

describe("connecting", () => {
  it("gives each consumer its own instance of a scoped service", () => {
    const services: Services = new Map();
    const definition = defineModule({
      provides: { users: Users },
      setup: () => ({ users: scoped((consumer) => ({ name: () => consumer.name })) }),
    });
    provide("identity", definition, definition.setup({} as never), services);
    const of = (name: string) => {
      const context: Record<string, unknown> = {};
      connect(asking, { name, version: "1.0.0" }, services, context);
      return (context.users as { name(): string }).name();
    };
    expect([of("tickets"), of("reports")]).toEqual(["tickets", "reports"]);
  });

  it("refuses a setup that is asynchronous, and one that forgets a service", () => {
    const definition = defineModule({ provides: { users: Users }, setup: () => ({ users: { name: () => "" } }) });
    expect(() => provide("identity", definition, Promise.resolve({}), new Map())).toThrow(
      'setup of module "identity" returned a promise',
    );
    expect(() => provide("identity", definition, {}, new Map())).toThrow(
      'setup of module "identity" did not return the service "users" that it provides',
    );
  });
});
