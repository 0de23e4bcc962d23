import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, platformctl } from "./command-line.fixture.ts";

const manifest = (permissions: string, version = "1.2.0") =>
  `name: tickets\nversion: ${version}\npermissions:\n${permissions.replaceAll(/^/gm, "  ")}\n`;

const desk = {
  "platform.yaml": "name: desk\nmodules: [modules/*]\n",
  "modules/audit/module.yaml": "name: audit\nversion: 1.0.0\n",
  "modules/tickets/module.yaml": manifest(
    [
      "ticket.read: See tickets",
      "ticket.close: { description: Close a ticket, since: 1.2.0, group: Tickets }",
      "ticket.shut: { replacedBy: ticket.close }",
      "ticket.end: { replacedBy: ticket.close, retired: 0.9.0 }",
    ].join("\n"),
  ),
};

const generated = (...members: string[]) => `export const Permission = { ${members.join(", ")} } as const;\n`;

test.each([["list"], ["check"], ["matrix"], ["diff"]])(
  "permissions %s teaches by examples, and says what its exit codes mean",
  async (command) => {
    const { code, stdout, stderr } = await platformctl(["permissions", command, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Usage: platformctl permissions ${command}`);
    expect(stdout).toMatch(/\nExamples:\n( {2}.*platformctl permissions .*\n)+/);
    expect(stdout).toMatch(/\nExit codes:\n {2}0 /);
  },
);

describe("permissions list", () => {
  test("shows codes with their headings, and what became of old ones", async () => {
    const cwd = folderWith(desk);
    expect(await platformctl(["permissions", "list"], { cwd })).toEqual({
      code: 0,
      stderr: "",
      stdout: [
        "CODE                  GROUP    SINCE  DESCRIPTION",
        "tickets.ticket.read   -        -      See tickets",
        "tickets.ticket.close  Tickets  1.2.0  Close a ticket",
        "tickets.ticket.shut   -        -      (replaced by tickets.ticket.close)",
        "tickets.ticket.end    -        -      (replaced by tickets.ticket.close, retired in 0.9.0, refused)",
        "",
      ].join("\n"),
    });
  });

  test("as JSON has everything, with places; of one module on demand", async () => {
    const cwd = folderWith(desk);
    const { code, stdout } = await platformctl(["permissions", "list", "--module", "tickets", "--json"], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).permissions[1]).toEqual({
      code: "tickets.ticket.close",
      module: "tickets",
      description: "Close a ticket",
      group: "Tickets",
      since: "1.2.0",
      replacedBy: null,
      current: "tickets.ticket.close",
      retired: false,
      expired: false,
      at: { file: `${cwd}/modules/tickets/module.yaml`, line: 5, column: 3 },
    });
    expect(await platformctl(["permissions", "list", "--module", "audit"], { cwd })).toMatchObject({
      code: 0,
      stdout: "no permissions\n",
    });
    const unknown = await platformctl(["permissions", "list", "--module", "tickts"], { cwd });
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toContain("Write tickets instead");
  });

  test("of nested groups points at the nested key", async () => {
    const cwd = folderWith({
      ...desk,
      "modules/tickets/module.yaml": manifest("ticket:\n  group: Tickets\n  read: See tickets\n  close: Close"),
    });
    const { stdout } = await platformctl(["permissions", "list", "--json"], { cwd });
    expect(JSON.parse(stdout).permissions).toMatchObject([
      { code: "tickets.ticket.read", group: "Tickets", at: { line: 6, column: 5 } },
      { code: "tickets.ticket.close", group: "Tickets", at: { line: 7, column: 5 } },
    ]);
  });

  test("of a platform that is not right shows what it can, and exits with 1", async () => {
    const cwd = folderWith({ ...desk, "modules/audit/module.yaml": "name: audit\nversion: 1.0\n" });
    const { code, stdout, stderr } = await platformctl(["permissions", "list"], { cwd });
    expect([code, stderr]).toEqual([1, "1 problem; platformctl modules validate shows what is wrong\n"]);
    expect(stdout).toContain("tickets.ticket.read");
  });
});

describe("permissions check", () => {
  const routes = `
    import { Permission } from "./module.gen.ts";
    http.get("/", { permission: Permission.TicketRead }, () => []);
    http.post("/:id/close", { permission: Permission.TicketClose, schema: {} }, () => {});
  `;

  test("finds nothing where code and manifests agree, and needs no generated file for that", async () => {
    const cwd = folderWith({ ...desk, "modules/tickets/src/index.ts": routes });
    expect(await platformctl(["permissions", "check"], { cwd })).toEqual({
      code: 0,
      stderr: "",
      stdout: "2 uses in 1 file, no problems\n",
    });
  });

  test("names file, line and column of a permission that was removed while code still asks for it", async () => {
    const cwd = folderWith({
      ...desk,
      "modules/tickets/module.yaml": manifest("ticket.read: See tickets"),
      "modules/tickets/src/module.gen.ts": generated(
        'TicketRead: "tickets.ticket.read"',
        'TicketClose: "tickets.ticket.close"',
      ),
      "modules/tickets/src/index.ts": routes,
      "modules/audit/src/index.ts": 'const may = permissions.can(principal, "tickets.ticket.close");\n',
    });
    expect(await platformctl(["permissions", "check"], { cwd })).toEqual({
      code: 1,
      stderr: "",
      stdout: [
        "modules/audit/src/index.ts:1:40",
        '  PERMISSION_USE_UNKNOWN: the code asks for the permission "tickets.ticket.close", which no module declares',
        "  fix: Declare it in a manifest, or ask for one that is declared.",
        "",
        "modules/tickets/src/index.ts:4:43",
        '  PERMISSION_CONSTANT_UNKNOWN: the code asks for Permission.TicketClose, which module "tickets" does not have',
        '  fix: Declare the permission in the manifest of "tickets", or use a constant that is there.',
        "",
        "2 problems in 3 uses in 2 files",
        "",
      ].join("\n"),
    });
  });

  test("finds a declared permission that nothing asks for, at its place in the manifest", async () => {
    const cwd = folderWith({ ...desk, "modules/tickets/src/index.ts": routes.replace("TicketClose", "TicketRead") });
    const { code, stdout } = await platformctl(["permissions", "check", "--json"], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      problems: [
        {
          code: "PERMISSION_UNUSED",
          message: 'the permission "tickets.ticket.close" is declared, but no source asks for it',
          at: [{ file: `${cwd}/modules/tickets/module.yaml`, line: 5, column: 3 }],
        },
      ],
    });
  });

  test("tells of old codes that still work, and refuses those whose time is over", async () => {
    const cwd = folderWith({
      ...desk,
      "modules/tickets/src/index.ts": `
        import { Permission } from "./module.gen.ts";
        permissions.require(who, Permission.TicketRead);
        permissions.require(who, Permission.TicketShut);
        permissions.require(who, "tickets.ticket.end");
      `,
    });
    const { code, stdout } = await platformctl(["permissions", "check"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain(
      "modules/tickets/src/index.ts:4:34  tickets.ticket.shut is deprecated: ask for tickets.ticket.close instead\n",
    );
    expect(stdout).toContain(
      [
        "modules/tickets/src/index.ts:5:34",
        '  PERMISSION_EXPIRED: the permission "tickets.ticket.end" was retired in 0.9.0 of module "tickets" and works no more: denied',
        '  fix: Ask for "tickets.ticket.close" instead.',
      ].join("\n"),
    );
    expect(stdout).not.toContain("PERMISSION_UNUSED");
  });

  test.each([
    ["an import under another name", 'import { Permission as P } from "./module.gen.ts";\nuse(P.TicketClose);'],
    ["a namespace", 'import * as all from "./module.gen.ts";\nuse(all.Permission.TicketClose);'],
    ["an export of another file", 'import { Permission } from "./again.ts";\nuse(Permission.TicketClose);'],
    [
      "another name at the top",
      'import { Permission } from "./module.gen.ts";\nconst P = Permission;\nuse(P["TicketClose"]);',
    ],
    ["names taken out", 'import { Permission } from "./module.gen.ts";\nconst { TicketClose } = Permission;'],
    ["a compiled name", 'import { Permission } from "./module.gen.js";\nuse(Permission.TicketClose);'],
    ["a text", 'http.get("/", { permission: "tickets.ticket.close" }, () => {});'],
    ["a template without holes", "permissions.can(who, `tickets.ticket.close`);"],
    ["a name for a text", 'const close = "tickets.ticket.close" as const;\npermissions.can(who, close);'],
    ["a condition", 'permissions.can(who, late ? "tickets.ticket.read" : "tickets.ticket.close");'],
    ["an object of one's own", 'import { own } from "./own.ts";\nhttp.put("/", { permission: own.close }, () => {});'],
    ["raw Fastify", 'app.route({ url: "/", config: { access: { permission: "tickets.ticket.close" } } });'],
    ["a problem", 'throw missingPermission("tickets.ticket.close");'],
  ])("sees %s", async (_, text) => {
    const cwd = folderWith({
      ...desk,
      "modules/tickets/src/index.ts": `${text}\npermissions.can(who, "tickets.ticket.read");\n`,
      "modules/tickets/src/again.ts": 'export * from "./module.gen.ts";\n',
      "modules/tickets/src/own.ts": 'export const own = Object.freeze({ close: "tickets.ticket.close" });\n',
    });
    const { stdout } = await platformctl(["permissions", "check"], { cwd });
    expect(stdout).toContain("no problems");
  });

  test("counts what only running the code would tell, and leaves alone what is no code of a permission", async () => {
    const cwd = folderWith({
      ...desk,
      "modules/tickets/src/index.ts": `${routes}
        permissions.can(who, \`tickets.ticket.\${name}\`);
        http.get("/x", { permission: given }, () => {});
        open(file, { permission: "rw" });
        ability.can("read", "Post");
        const { permission } = Notification;
      `,
      "modules/tickets/src/index.test.ts": 'permissions.can(who, "tickets.no.such");\n',
      "modules/tickets/node_modules/x/index.js": 'permissions.can(who, "tickets.no.such");\n',
    });
    const { code, stdout } = await platformctl(["permissions", "check", "--json"], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, computed: [{ line: 6 }, { line: 7 }], files: 1, uses: 4 });
    expect((await platformctl(["permissions", "check"], { cwd })).stdout).toBe(
      "4 uses in 1 file, 2 of them computed and not checked, no problems\n",
    );
  });

  test("a file that cannot be parsed is a problem with its place", async () => {
    const cwd = folderWith({ ...desk, "modules/tickets/src/index.ts": `${routes}\nconst permission = {;\n` });
    const { code, stdout } = await platformctl(["permissions", "check"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain("modules/tickets/src/index.ts:6:21\n  PERMISSION_SOURCE: the file cannot be parsed: ");
  });
});

describe("permissions diff", () => {
  /** A platform in a folder of a git repository, as it was committed. */
  function repository(files: Readonly<Record<string, string>>) {
    const top = folderWith(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`apps/desk/${name}`, text])),
    );
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
        cwd: top,
        stdio: "pipe",
      });
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "first");
    git("tag", "v1");
    const cwd = path.join(top, "apps/desk");
    return {
      cwd,
      write(name: string, text: string) {
        mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
        writeFileSync(path.join(cwd, name), text);
      },
    };
  }

  test("says what a change adds, renames, retires and removes, without committing it", async () => {
    const { cwd, write } = repository(desk);
    write(
      "modules/tickets/module.yaml",
      manifest(
        [
          "ticket.read: { replacedBy: ticket.see }",
          "ticket.see: See tickets",
          "ticket.close: { description: Close a ticket, retired: 1.3.0 }",
          "ticket.open: Open one",
        ].join("\n"),
        "1.3.0",
      ),
    );
    expect(await platformctl(["permissions", "diff", "v1"], { cwd })).toEqual({
      code: 0,
      stderr: "",
      stdout: [
        "+ tickets.ticket.see  See tickets",
        "+ tickets.ticket.open  Open one",
        "- tickets.ticket.shut  (tickets.ticket.close has its place)",
        "- tickets.ticket.end  (tickets.ticket.close has its place)",
        "> tickets.ticket.read to tickets.ticket.see",
        "~ tickets.ticket.close  (in 1.3.0)",
        "",
        "2 added, 2 removed, 1 renamed, 1 retired",
        "",
      ].join("\n"),
    });
    const { stdout } = await platformctl(["permissions", "diff", "HEAD", "--json"], { cwd });
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      ref: "HEAD",
      ok: true,
      added: [
        { code: "tickets.ticket.see", module: "tickets", description: "See tickets", since: null },
        { code: "tickets.ticket.open", module: "tickets", description: "Open one", since: null },
      ],
      renamed: [{ code: "tickets.ticket.read", to: "tickets.ticket.see" }],
      retired: [{ code: "tickets.ticket.close", since: "1.3.0" }],
      removed: [
        { code: "tickets.ticket.shut", successor: "tickets.ticket.close", wasDue: false },
        { code: "tickets.ticket.end", successor: "tickets.ticket.close", wasDue: true },
      ],
      problems: [],
    });
  });

  test("exits with 1 when a permission is removed without a successor, or a module with all of its own", async () => {
    const { cwd, write } = repository(desk);
    write("modules/tickets/module.yaml", manifest("ticket.read: See tickets"));
    const { code, stdout } = await platformctl(["permissions", "diff", "v1"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain("- tickets.ticket.close  (no successor)\n");
    expect(stdout).toContain(
      'PERMISSION_REMOVED: the permission "tickets.ticket.close", which was there at v1, is gone and has no successor\n',
    );
    expect(stdout).toContain("0 added, 3 removed, 0 renamed, 0 retired; 2 problems\n");

    rmSync(path.join(cwd, "modules/tickets"), { recursive: true });
    expect(await platformctl(["permissions", "diff", "v1"], { cwd })).toMatchObject({ code: 1 });
  });

  test("lets a retired permission go when its major version is over, and not before", async () => {
    const { cwd, write } = repository({
      ...desk,
      "modules/tickets/module.yaml": manifest("ticket.read: See\nticket.burn: { retired: 1.1.0 }"),
    });
    write("modules/tickets/module.yaml", manifest("ticket.read: See", "1.9.0"));
    expect((await platformctl(["permissions", "diff", "v1"], { cwd })).code).toBe(1);
    write("modules/tickets/module.yaml", manifest("ticket.read: See", "2.0.0"));
    expect(await platformctl(["permissions", "diff", "v1"], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("- tickets.ticket.burn  (its time was over)\n"),
    });
  });

  test("finds modules where platform.yaml had them then, and a platform that was not there yet", async () => {
    const { cwd, write } = repository({
      "readme.md": "",
      "old/tickets/module.yaml": desk["modules/tickets/module.yaml"],
    });
    write("platform.yaml", "modules: [modules/*]\n");
    write("modules/tickets/module.yaml", manifest("ticket.read: See"));
    expect(await platformctl(["permissions", "diff", "HEAD"], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("1 added, 0 removed"),
    });

    const moved = repository({
      "platform.yaml": "modules: [old/*]\n",
      "old/a/module.yaml": manifest("ticket.read: See"),
    });
    rmSync(path.join(moved.cwd, "old"), { recursive: true });
    moved.write("platform.yaml", "modules: [modules/*]\n");
    moved.write("modules/b/module.yaml", manifest("ticket.read: See"));
    expect(await platformctl(["permissions", "diff", "HEAD"], { cwd: moved.cwd })).toMatchObject({
      code: 0,
      stdout: "0 added, 0 removed, 0 renamed, 0 retired\n",
    });
  });

  test("says which old manifest cannot be compared", async () => {
    const { cwd, write } = repository({
      ...desk,
      "modules/audit/module.yaml": "name: audit\nversion: 1.0.0\npermissions: 7\n",
    });
    write("modules/audit/module.yaml", "name: audit\nversion: 1.0.0\n");
    const { code, stdout } = await platformctl(["permissions", "diff", "v1"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain(
      "v1:apps/desk/modules/audit/module.yaml\n  PERMISSION_OLD_MANIFEST: the permissions of this manifest cannot be compared: its permissions are not accepted\n",
    );
  });

  test.each([["nowhere"], ["--output=/etc/passwd"], ["v1:apps"], [""]])("%j is no commit", async (ref) => {
    const { cwd } = repository(desk);
    const { code, stdout, stderr } = await platformctl(["permissions", "diff", "--", ref], { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`COMMAND_GIT: git cannot show what "${ref}" was: `);
  });

  test("outside of a repository is a mistake of the command line", async () => {
    const { code, stderr } = await platformctl(["permissions", "diff", "main"], { cwd: folderWith(desk) });
    expect(code).toBe(2);
    expect(stderr).toContain("not a git repository");
  });
});
