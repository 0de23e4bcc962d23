import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";
import type { ShownModule } from "./shown-module.ts";

const manifest = (name: string, rest = "") => `name: ${name}\nversion: 1.0.0\n${rest}`;

const desk = {
  "platform.yaml": "name: desk\nmodules: [modules/*]\ntickets: { pageSize: 5, token: hush }\n",
  "modules/identity/module.yaml": manifest("identity"),
  "modules/knowledge/module.yaml": manifest("knowledge", "dependencies: { identity: ^1.0.0 }\n"),
  "modules/mailer/module.yaml": manifest("mailer"),
  "modules/tickets/module.yaml": manifest(
    "tickets",
    `description: Tickets and replies.
platform: ^1.0.0
critical: false
timeouts: { start: 5s }
dependencies:
  identity: ^1.0.0
  knowledge: { version: ^1.0.0, optional: true }
  absent: { version: ^1.0.0, optional: true }
permissions:
  ticket.close: Close a ticket
migrations: ./migrations
config:
  properties:
    pageSize: { type: integer, default: 20 }
    greeting: { type: string, default: Hello }
    token: { type: string, writeOnly: true }
`,
  ),
  "modules/tickets/migrations/0001_create_tickets.sql": "create table tickets (id int);\n",
  "modules/reports/module.yaml": manifest("reports", "dependencies: { tickets: ^1.0.0 }\n"),
};

describe("modules show", () => {
  test("has all about a module, from any folder", async () => {
    const root = folderWith(desk);
    const { code, stdout, stderr } = await platformctl(["modules", "show", "tickets"], {
      cwd: path.join(root, "modules"),
      env: { PLATFORM_TICKETS__GREETING: "Hi" },
    });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`tickets 1.0.0
Tickets and replies.

source    directory
path      tickets
manifest  tickets/module.yaml
platform  ^1.0.0
critical  no: the platform starts degraded without it
timeouts  start 5s, stop default

Dependencies
  identity   ^1.0.0
  knowledge  ^1.0.0  optional
  absent     ^1.0.0  optional

Dependents
  reports  ^1.0.0

Permissions
  tickets.ticket.close  Close a ticket

Migrations
  0001_create_tickets.sql

Settings
  tickets.pageSize  5      ../platform.yaml:3:22
  tickets.token     "***"  ../platform.yaml:3:32
  tickets.greeting  "Hi"   variable PLATFORM_TICKETS__GREETING
`);
  });

  test("--json has the same for scripts", async () => {
    const root = folderWith(desk);
    const { code, stdout } = await platformctl(["modules", "show", "tickets", "--json", "-C", root]);
    expect(code).toBe(0);
    const shown: ShownModule = JSON.parse(stdout).module;
    expect(Object.keys(shown).sort()).toEqual(
      [
        ["name", "version", "source", "dependencies", "permissions", "migrations", "path", "description", "manifest"],
        ["platform", "critical", "timeouts", "dependents", "services", "settings"],
      ]
        .flat()
        .sort(),
    );
    expect(shown).toMatchObject({
      critical: false,
      timeouts: { start: 5000, stop: null },
      services: null,
      dependents: [{ name: "reports", range: "^1.0.0", optional: false }],
      permissions: [{ code: "tickets.ticket.close", description: "Close a ticket" }],
    });
    expect(shown.settings).toContainEqual({
      setting: "tickets.pageSize",
      value: 5,
      origin: { kind: "file", at: { file: path.join(root, "platform.yaml"), line: 3, column: 22 } },
    });
    expect(stdout).not.toContain("hush");
  });

  test("knows the services of the platform's own modules", async () => {
    const { stdout } = await platformctl(["modules", "show", "http", "--json", "-C", folderWith(desk)]);
    const { services } = JSON.parse(stdout).module as ShownModule;
    expect(services?.provides).toContain("http.http");
    expect(services?.requires).toContain("permissions.permissions");
  });
});

test.each([
  [["modules", "show", "tikets"]],
  [["modules", "graph", "--focus", "tikets"]],
  [["modules", "why", "reports", "tikets"]],
])("%j: a name with a typo gets the nearest one", async (args) => {
  expect(await platformctl([...args, "-C", folderWith(desk)])).toEqual({
    code: 2,
    stdout: "",
    stderr:
      '  COMMAND_MODULE_UNKNOWN: there is no module "tikets" in this platform\n' +
      "  fix: Write tickets instead, or run platformctl modules list to see the modules.\n",
  });
});

describe("modules why", () => {
  const why = (...args: string[]) => platformctl(["modules", "why", ...args, "-C", folderWith(desk)]);

  test("shows the paths, the shortest first", async () => {
    expect(await why("reports", "identity")).toEqual({
      code: 0,
      stdout: `reports depends on identity by 2 paths:
  reports -> tickets ^1.0.0 -> identity ^1.0.0
  reports -> tickets ^1.0.0 -> knowledge ^1.0.0 optional -> identity ^1.0.0
`,
      stderr: "",
    });
    expect((await why("reports", "identity", "--limit", "1")).stdout).toContain("by more than 1 path:");
  });

  test("names the nearest connection where there is no path", async () => {
    expect(await why("identity", "reports")).toMatchObject({
      code: 1,
      stdout: "identity does not depend on reports; the nearest connection is\n  identity <- tickets <- reports\n",
    });
    expect(await why("tickets", "mailer")).toMatchObject({
      code: 1,
      stdout: "tickets does not depend on mailer, and nothing connects the two\n",
    });
  });

  test("says that all modules depend on those of the platform", async () => {
    expect(await why("tickets", "http")).toMatchObject({
      code: 0,
      stdout: "tickets depends on http because every module does: http belongs to the platform itself\n",
    });
  });

  test("--json has paths as lists of edges", async () => {
    const { stdout } = await why("identity", "tickets", "--json");
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      from: "identity",
      to: "tickets",
      implied: false,
      paths: [],
      more: false,
      nearest: [{ from: "tickets", to: "identity", range: "^1.0.0", optional: false }],
    });
  });

  test("as a process", async () => {
    const { ended } = spawnPlatformctl(["modules", "why", "reports", "tickets", "-C", folderWith(desk)]);
    expect(await ended).toEqual({
      code: 0,
      stdout: "reports depends on tickets by 1 path:\n  reports -> tickets ^1.0.0\n",
      stderr: "",
    });
  });
});

describe("modules graph", () => {
  const graph = (...args: string[]) => platformctl(["modules", "graph", ...args, "-C", folderWith(desk)]);

  test("is a tree of text without the platform's own modules", async () => {
    expect(await graph()).toEqual({
      code: 0,
      stdout: `mailer 1.0.0
reports 1.0.0
└── tickets 1.0.0
    ├── identity 1.0.0
    └── knowledge 1.0.0 optional
        └── identity 1.0.0
`,
      stderr: "",
    });
    expect((await graph("--all")).stdout).toMatch(/http \d.*\n.*permissions \d/);
  });

  test("shows what depends on a module, a few steps away", async () => {
    expect((await graph("--focus", "identity", "--reverse", "--depth", "1")).stdout).toBe(
      "identity 1.0.0\n├── knowledge 1.0.0\n└── tickets 1.0.0\n",
    );
    const { nodes, edges } = JSON.parse((await graph("--focus", "reports", "--depth", "1", "--json")).stdout);
    expect(nodes).toEqual([
      { name: "tickets", version: "1.0.0", source: "directory" },
      { name: "reports", version: "1.0.0", source: "directory" },
    ]);
    expect(edges).toEqual([{ from: "reports", to: "tickets", range: "^1.0.0", optional: false }]);
  });

  test.each([
    ["mermaid", /^flowchart LR\n/],
    ["dot", /^digraph modules \{\n/],
    ["svg", /^<svg [^>]*viewBox="0 0 [\d.]+ [\d.]+"/],
  ])("speaks %s", async (format, beginning) => {
    const { code, stdout } = await graph("--format", format, "--all", "--focus", "tickets");
    expect(code).toBe(0);
    expect(stdout).toMatch(beginning);
  });

  test("refuses what it does not know", async () => {
    expect(await graph("--format", "png")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("Allowed choices are text, mermaid, dot, svg, json"),
    });
    expect(await graph("--depth", "-1")).toMatchObject({ code: 2, stdout: "" });
  });

  test("shows missing modules and cycles, and says that there are problems", async () => {
    const cwd = folderWith({
      "platform.yaml": "modules: [modules/*]\n",
      "modules/a/module.yaml": manifest("a", "dependencies: { b: ^1.0.0, gone: ^1.0.0 }\n"),
      "modules/b/module.yaml": manifest("b", "dependencies: { a: ^1.0.0 }\n"),
    });
    const { code, stdout, stderr } = await platformctl(["modules", "graph"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toBe("a 1.0.0\n├── b 1.0.0\n│   └── a 1.0.0 (*)\n└── gone missing\n");
    expect(stderr).toBe("2 problems; platformctl modules validate shows what is wrong\n");
    expect((await platformctl(["modules", "graph", "--format", "svg"], { cwd })).stdout).toContain("red: missing");
  });

  test("is coloured only on a terminal", async () => {
    const root = folderWith(desk);
    const plain = (await platformctl(["modules", "graph", "-C", root])).stdout;
    const painted = (await platformctl(["modules", "graph", "-C", root], { terminal: true })).stdout;
    expect(painted).not.toBe(plain);
    expect(stripVTControlCharacters(painted)).toBe(plain);
  });

  test("as a process, a picture into a pipe", async () => {
    const { ended } = spawnPlatformctl(["modules", "graph", "--format", "svg", "-C", folderWith(desk)]);
    const { code, stdout, stderr } = await ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });
});

test("as a process: modules show", async () => {
  const { ended } = spawnPlatformctl(["modules", "show", "identity", "--json", "-C", folderWith(desk)]);
  const { code, stdout, stderr } = await ended;
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout).module).toMatchObject({ name: "identity", source: "directory" });
});
