import { instanceFor, type Logger, type ModuleContext, PlatformError, silentLogger, systemClock } from "@plinth/module";
import { beforeEach, describe, expect, test } from "vitest";
import { permissionsCapability } from "./capability.ts";
import type { PermissionCatalogue } from "./catalogue.ts";
import { PermissionDenied } from "./denied.ts";
import { factsOf } from "./facts.fixture.ts";

const ann = { id: "ann" };
const signal = new AbortController().signal;
const tickets = factsOf("tickets", {
  "ticket.read": "See tickets",
  "ticket.close": "Close tickets",
  "ticket.shut": { replacedBy: "ticket.finish" },
  "ticket.finish": { replacedBy: "ticket.close" },
  "ticket.end": { replacedBy: "ticket.close", retired: "0.9.0" },
  "ticket.burn": { retired: "0.9.0" },
});
const access = factsOf("access", { grant: "Give permissions" });

describe("the permissions capability", () => {
  let lines: string[];
  let capability: ReturnType<typeof permissionsCapability>;
  let serviceFor: (consumer: string) => PermissionCatalogue;

  beforeEach(async () => {
    lines = [];
    capability = permissionsCapability();
    expect(await capability.extension?.check?.([access, tickets])).toEqual([]);
    await capability.extension?.accept?.([access, tickets]);
    const log: Logger = {
      ...silentLogger,
      warn: (...args: [unknown, string?]) => void lines.push(`warn ${args[1] ?? args[0]}`),
      error: (...args: [unknown, string?]) => void lines.push(`error ${args[1] ?? args[0]}`),
    };
    const lifecycle = { onStart() {}, onStop() {}, onHealth() {}, onDependency() {}, fail() {}, signal };
    const context: ModuleContext<unknown> = { config: {}, log, lifecycle, clock: systemClock };
    const provided = capability.module?.setup({ ...context }) as { permissions: PermissionCatalogue };
    serviceFor = (consumer) => instanceFor(provided.permissions, { name: consumer, version: "1.0.0" });
  });

  test("lists the permissions of all modules and finds one by its full code", () => {
    const permissions = serviceFor("tickets");
    expect(permissions.list().map((permission) => permission.code)).toEqual([
      "access.grant",
      "tickets.ticket.read",
      "tickets.ticket.close",
      "tickets.ticket.shut",
      "tickets.ticket.finish",
      "tickets.ticket.end",
      "tickets.ticket.burn",
    ]);
    expect(permissions.get("tickets.ticket.read")?.description).toBe("See tickets");
    expect(permissions.get("ticket.read")).toBeUndefined();
  });

  test("keeps the catalogue when the next set of modules is refused", async () => {
    const refused = factsOf("tickets", { "a.b": "x", "a-b": "y" });
    expect(await capability.extension?.check?.([access, refused])).toHaveLength(1);
    expect(serviceFor("tickets").get("tickets.ticket.read")).toBeDefined();
  });

  test("denies everything while nobody has installed an authorizer, and says so once", () => {
    const permissions = serviceFor("tickets");
    expect(permissions.can(ann, "tickets.ticket.read")).toBe(false);
    expect(permissions.can(ann, "tickets.ticket.close")).toBe(false);
    expect(lines).toEqual(["warn no module has installed an authorizer: permissions are denied"]);
  });

  test("asks the authorizer only while the module that installed it is running", async () => {
    const permissions = serviceFor("tickets");
    const undecided =
      'the permission "tickets.ticket.read" cannot be decided: module "access", which decides, is not running';
    const may = (id: string) => permissions.can({ id }, "tickets.ticket.read");
    serviceFor("access").useAuthorizer({ can: (principal, code) => principal.id === "ann" && code.endsWith("read") });
    expect(() => may("ann")).toThrow(undecided);
    await capability.extension?.afterStart?.(tickets, signal);
    expect(() => may("ann")).toThrow(undecided);
    await capability.extension?.afterStart?.(access, signal);
    expect(may("ann")).toBe(true);
    expect(may("bob")).toBe(false);
    expect(permissions.can(undefined, "tickets.ticket.read")).toBe(false);
    await capability.extension?.beforeStop?.(access, signal);
    expect(() => may("ann")).toThrow(undecided);
    serviceFor("tickets").useAuthorizer({ can: () => true });
    await capability.extension?.afterStart?.(tickets, signal);
    expect(may("bob")).toBe(true);
  });

  test("asks for the code in use when an old one is checked", async () => {
    const asked: string[] = [];
    serviceFor("access").useAuthorizer({ can: (_, code) => asked.push(code) > 0 });
    await capability.extension?.afterStart?.(access, signal);
    expect(serviceFor("tickets").can(ann, "tickets.ticket.shut")).toBe(true);
    expect(asked).toEqual(["tickets.ticket.close"]);
  });

  test("denies a code that no module declares and reports it once, with the nearest one", async () => {
    serviceFor("access").useAuthorizer({ can: () => true });
    await capability.extension?.afterStart?.(access, signal);
    const permissions = serviceFor("tickets");
    expect(permissions.can(ann, "tickets.ticket.reed")).toBe(false);
    expect(permissions.can(ann, "tickets.ticket.reed")).toBe(false);
    expect(lines).toEqual([
      'error the permission "tickets.ticket.reed" was asked for, but no module declares it: denied',
    ]);
  });

  test("denies a code whose major version is over, and reports it once with what to check instead", async () => {
    serviceFor("access").useAuthorizer({ can: () => true });
    await capability.extension?.afterStart?.(access, signal);
    const permissions = serviceFor("tickets");
    for (let time = 0; time < 2; time++) expect(permissions.can(ann, "tickets.ticket.end")).toBe(false);
    const retired = 'was retired in 0.9.0 of module "tickets" and works no more: denied';
    expect(lines).toEqual([`error the permission "tickets.ticket.end" ${retired}`]);
    expect(() => permissions.require(ann, "tickets.ticket.end")).toThrow(
      expect.objectContaining({ code: "PERMISSION_EXPIRED", fix: 'Check "tickets.ticket.close" instead.' }),
    );
    expect(() => permissions.require(ann, "tickets.ticket.burn")).toThrow(
      expect.objectContaining({ code: "PERMISSION_EXPIRED", fix: "Remove the check." }),
    );
  });

  test("a permission that code cannot go on without is asked for in one line, and its lack names it", async () => {
    let allowed: boolean | Promise<boolean> = true;
    serviceFor("access").useAuthorizer({ can: () => allowed });
    await capability.extension?.afterStart?.(access, signal);
    const permissions = serviceFor("tickets");
    const denial = (code: string, signedIn: boolean, permission: string) =>
      expect.objectContaining({ constructor: PermissionDenied, code, signedIn, permission });

    expect(permissions.require(ann, "tickets.ticket.close")).toBeUndefined();
    allowed = false;
    const missing = denial("PERMISSION_MISSING", true, "tickets.ticket.close");
    expect(() => permissions.require(ann, "tickets.ticket.close")).toThrow(missing);
    expect(() => permissions.require(ann, "tickets.ticket.shut")).toThrow(missing);
    expect(() => permissions.require(ann, "tickets.ticket.reed")).toThrow(
      denial("PERMISSION_MISSING", true, "tickets.ticket.reed"),
    );
    expect(() => permissions.require(undefined, "tickets.ticket.close")).toThrow(
      denial("PERMISSION_NOT_SIGNED_IN", false, "tickets.ticket.close"),
    );
    allowed = Promise.resolve(false);
    await expect(permissions.require(ann, "tickets.ticket.close")).rejects.toThrow(missing);
    allowed = Promise.resolve(true);
    await expect(permissions.require(ann, "tickets.ticket.close")).resolves.toBeUndefined();
  });

  test("takes nothing but true for a permission, given at once or promised", async () => {
    const answers: unknown[] = [true, "yes", 1, Promise.resolve(true), Promise.resolve("yes"), undefined];
    serviceFor("access").useAuthorizer({ can: () => answers.shift() as boolean });
    await capability.extension?.afterStart?.(access, signal);
    const permissions = serviceFor("tickets");
    const given: boolean[] = [];
    while (answers.length > 0) given.push(await permissions.can(ann, "tickets.ticket.read"));
    expect(given).toEqual([true, false, false, true, false, false]);
  });

  test("refuses a second authorizer and names both modules; the same module may install anew", () => {
    serviceFor("access").useAuthorizer({ can: () => true });
    serviceFor("access").useAuthorizer({ can: () => false });
    const second = () => serviceFor("tickets").useAuthorizer({ can: () => true });
    expect(second).toThrow(PlatformError);
    expect(second).toThrow('module "tickets" installs an authorizer, but module "access" has installed one already');
  });

  test("the version of the module is the version of the package", async () => {
    const packageJson = await import("../package.json", { with: { type: "json" } });
    expect(capability.module?.manifest?.version).toBe(packageJson.default.version);
  });
});
