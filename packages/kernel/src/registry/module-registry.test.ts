import { PlatformErrors } from "@plinth/module";
import { describe, expect, it } from "vitest";
import { moduleNamed, told } from "../plan/modules.fixture.ts";
import { createRegistry } from "./module-registry.ts";

const hostVersion = "1.0.0";

describe("a module registry", () => {
  it("gives back what was registered, by name", () => {
    const registry = createRegistry({ hostVersion });
    const tickets = moduleNamed("tickets");
    registry.register(tickets);
    registry.register(moduleNamed("audit"));
    expect(registry.get("tickets")).toBe(tickets);
    expect(registry.get("nothing")).toBeUndefined();
    expect(registry.list().map(({ manifest }) => manifest.name)).toEqual(["audit", "tickets"]);
  });

  it("resolves to the plan of its modules", () => {
    const registry = createRegistry({ hostVersion });
    registry.register(moduleNamed("tickets", { needs: { audit: "^1.0.0" } }));
    registry.register(moduleNamed("audit"));
    expect(told(registry.resolve())).toEqual(["audit", "tickets <- audit"]);
    registry.register(moduleNamed("access"));
    expect(told(registry.resolve())).toEqual(["access", "audit", "tickets <- audit"]);
  });

  it("takes a name twice, lists both, and tells of it when it resolves", () => {
    const registry = createRegistry({ hostVersion });
    const first = moduleNamed("tickets", { path: "/b" });
    const second = moduleNamed("tickets", { path: "/a" });
    registry.register(first);
    registry.register(second);
    expect(registry.get("tickets")).toBe(first);
    expect(registry.list()).toEqual([first, second]);
    expect(() => registry.resolve()).toThrow(PlatformErrors);
    expect(() => registry.resolve()).toThrow('GRAPH_DUPLICATE: the module "tickets" is there 2 times: /a and /b');
  });

  it("lets nobody take the name of a module of the platform", () => {
    const registry = createRegistry({ hostVersion });
    const database = moduleNamed("database", { source: "platform" });
    registry.register(moduleNamed("database", { path: "/app/database" }));
    registry.register(database);
    registry.register(moduleNamed("database"));
    expect(registry.get("database")).toBe(database);
    expect(() => registry.resolve()).toThrow(
      'GRAPH_NAME_TAKEN: the module "database" (/app/database) has the name of a module of the platform itself',
    );
  });

  it("does not report refused modules as missing", () => {
    const registry = createRegistry({ hostVersion });
    registry.register(moduleNamed("tickets", { needs: { audit: "^1.0.0" } }));
    expect(() => registry.resolve()).toThrow(
      'GRAPH_MISSING: there is no module "audit", which is required by "tickets" (^1.0.0)',
    );
    expect(told(registry.resolve({ refused: ["audit"] }))).toEqual(["tickets"]);
  });

  it("is a value of its own: two know nothing of each other", () => {
    const one = createRegistry({ hostVersion });
    const other = createRegistry({ hostVersion });
    one.register(moduleNamed("tickets"));
    expect(other.list()).toEqual([]);
  });
});
