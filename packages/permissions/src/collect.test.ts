import { formatLocation } from "@plinth/module";
import { describe, expect, test } from "vitest";
import { collectPermissions } from "./collect.ts";
import type { Locate } from "./declared.ts";
import { factsOf } from "./facts.fixture.ts";

const locate: Locate = (file, path) => ({ file: `${file}#${path.join("/")}`, line: 1, column: 1 });

function problemsOf(...modules: Parameters<typeof collectPermissions>[0]) {
  return collectPermissions(modules, locate).problems.map((problem) => ({
    code: problem.code,
    message: problem.message,
    fix: problem.fix,
    at: problem.at.map(formatLocation),
  }));
}

describe("collecting permissions", () => {
  test("gives each code with its module, its age and its successor, in the order of the modules", () => {
    const tickets = factsOf("tickets", {
      "ticket.read": "See tickets",
      "ticket.close": { description: "Close a ticket", since: "1.2.0", group: "Tickets" },
      "ticket.shut": { replacedBy: "ticket.close", retired: "2.0.0" },
    });
    const { permissions, problems } = collectPermissions([factsOf("audit", { read: "Read" }), tickets], locate);
    expect(problems).toEqual([]);
    expect([...permissions.keys()]).toEqual([
      "audit.read",
      "tickets.ticket.read",
      "tickets.ticket.close",
      "tickets.ticket.shut",
    ]);
    expect(permissions.get("tickets.ticket.close")).toEqual({
      code: "tickets.ticket.close",
      module: "tickets",
      localCode: "ticket.close",
      description: "Close a ticket",
      group: "Tickets",
      since: "1.2.0",
      replacedBy: undefined,
      current: "tickets.ticket.close",
      retired: false,
      expired: false,
    });
    expect(permissions.get("tickets.ticket.shut")).toMatchObject({
      replacedBy: "tickets.ticket.close",
      current: "tickets.ticket.close",
      retired: "2.0.0",
    });
  });

  test("a successor may be a full code of another module, but the own code wins", () => {
    const a = factsOf("a", { old: { replacedBy: "b.new" }, older: { replacedBy: "b.both" }, "b.both": "own" });
    const b = factsOf("b", { new: "New", both: "foreign" });
    const { permissions, problems } = collectPermissions([a, b], locate);
    expect(problems).toEqual([]);
    expect(permissions.get("a.old")?.replacedBy).toBe("b.new");
    expect(permissions.get("a.older")?.replacedBy).toBe("a.b.both");
  });

  test("refuses codes that become one identifier, with both places", () => {
    expect(problemsOf(factsOf("tickets", { "ticket.close": "a", "ticket-close": "b" }))).toEqual([
      {
        code: "PERMISSION_COLLISION",
        message:
          'the permissions "ticket.close" and "ticket-close" of module "tickets" both become the identifier TicketClose',
        fix: "Rename one of them, so that they differ in more than dots and hyphens.",
        at: [
          "/app/tickets/module.yaml#permissions/ticket.close:1:1",
          "/app/tickets/module.yaml#permissions/ticket-close:1:1",
        ],
      },
    ]);
  });

  test("finds collisions of nested codes, with both places", () => {
    expect(problemsOf(factsOf("tickets", { ticket: { close: "a", read: "b" }, "ticket-close": "c" }))).toMatchObject([
      {
        code: "PERMISSION_COLLISION",
        at: [
          "/app/tickets/module.yaml#permissions/ticket/close:1:1",
          "/app/tickets/module.yaml#permissions/ticket-close:1:1",
        ],
      },
    ]);
  });

  test("refuses a code that is written in one piece and nested too, with both places", () => {
    expect(problemsOf(factsOf("tickets", { "ticket.close": "a", ticket: { close: "b", read: "c" } }))).toEqual([
      {
        code: "PERMISSION_TWICE",
        message: 'the permission "ticket.close" of module "tickets" is declared twice in its manifest',
        fix: "Keep one of the two declarations.",
        at: [
          "/app/tickets/module.yaml#permissions/ticket.close:1:1",
          "/app/tickets/module.yaml#permissions/ticket/close:1:1",
        ],
      },
    ]);
  });

  test("a code leads to the end of its successors, also across modules", () => {
    const a = factsOf("a", { one: { replacedBy: "two" }, two: { replacedBy: "b.three" } });
    const { permissions } = collectPermissions([a, factsOf("b", { three: { replacedBy: "four" }, four: "x" })], locate);
    expect([...permissions.values()].map(({ code, current }) => [code, current])).toEqual([
      ["a.one", "b.four"],
      ["a.two", "b.four"],
      ["b.three", "b.four"],
      ["b.four", "b.four"],
    ]);
  });

  test.each([
    ["1.4.0", "1.9.0", false],
    ["1.4.0", "2.0.0", true],
    ["1.4.0", "2.0.0-rc.1", true],
    ["2.0.0", "2.9.9", false],
    ["2.0.0", "10.0.0", true],
    ["3.0.0", "2.0.0", false],
    [true, "10.0.0", false],
    [false, "10.0.0", false],
  ])("retired %s in version %s has expired: %s", (retired, version, expired) => {
    const facts = { ...factsOf("a", { old: { retired } }), version };
    expect(collectPermissions([facts], locate).permissions.get("a.old")?.expired).toBe(expired);
  });

  test("the same local code in two modules is no collision", () => {
    expect(problemsOf(factsOf("a", { read: "x" }), factsOf("b", { read: "x" }))).toEqual([]);
  });

  test("refuses a code that two modules of one name declare, with both files", () => {
    const [problem] = problemsOf(factsOf("a", { read: "x" }), factsOf("a", { read: "y" }, "/plugins/a/module.yaml"));
    expect(problem).toMatchObject({
      code: "PERMISSION_DUPLICATE",
      at: ["/app/a/module.yaml#permissions/read:1:1", "/plugins/a/module.yaml#permissions/read:1:1"],
    });
  });

  test("refuses a successor that does not exist and names the nearest code", () => {
    expect(
      problemsOf(factsOf("a", { close: "x", shut: { replacedBy: "clos" }, gone: { replacedBy: "elsewhere" } })),
    ).toEqual([
      {
        code: "PERMISSION_SUCCESSOR_UNKNOWN",
        message: 'the permission "a.shut" is replaced by "clos", which no module declares',
        fix: 'Did you mean "close"?',
        at: ["/app/a/module.yaml#permissions/shut/replacedBy:1:1"],
      },
      {
        code: "PERMISSION_SUCCESSOR_UNKNOWN",
        message: 'the permission "a.gone" is replaced by "elsewhere", which no module declares',
        fix: "Write the code of a permission that a manifest declares.",
        at: ["/app/a/module.yaml#permissions/gone/replacedBy:1:1"],
      },
    ]);
  });

  test("refuses a circle of successors once, and codes that lead into it not at all", () => {
    const declared = {
      in: { replacedBy: "x" },
      x: { replacedBy: "y" },
      y: { replacedBy: "x" },
      self: { replacedBy: "self" },
    };
    expect(problemsOf(factsOf("a", declared)).map((problem) => problem.message)).toEqual([
      "these permissions replace each other in a circle: a.x -> a.y -> a.x",
      "these permissions replace each other in a circle: a.self -> a.self",
    ]);
  });

  test("a module without a file has no places", () => {
    const inline = { ...factsOf("a", { "b.c": "x", "b-c": "y" }) };
    const facts = { ...inline, manifest: { ...inline.manifest, file: undefined } };
    expect(problemsOf(facts)[0]?.at).toEqual([]);
  });
});
