import { mkdirSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";
import type { ListedModule } from "./listed-module.ts";

const manifest = (name: string, rest = "", version = "1.0.0") => `name: ${name}\nversion: ${version}\n${rest}`;

/** A small platform in which everything is right. */
const desk = {
  "platform.yaml": "name: desk\nmodules: [modules/*]\ntickets: { pageSize: 5 }\n",
  "modules/identity/module.yaml": manifest("identity", "", "1.2.0"),
  "modules/knowledge/module.yaml": manifest("knowledge"),
  "modules/tickets/module.yaml": manifest(
    "tickets",
    `dependencies:
  identity: ^1.0.0
  knowledge: { version: ^1.0.0, optional: true }
permissions:
  ticket.read: See tickets
  ticket.close: Close a ticket
migrations: ./migrations
config:
  properties: { pageSize: { type: integer, minimum: 1, default: 20 } }
`,
    "1.4.0",
  ),
  "modules/tickets/migrations/0001_create_tickets.sql": "create table tickets (id int);\n",
  "modules/tickets/migrations/0002_add_title.sql": "alter table tickets add title text;\n",
};

/** A platform with a cycle, a missing dependency, a wrong range and a duplicate. */
const broken = {
  "platform.yaml": "modules: [modules/*, more/*]\n",
  "modules/a/module.yaml": manifest("a", "dependencies: { b: ^1.0.0 }\n"),
  "modules/b/module.yaml": manifest("b", "dependencies: { a: ^1.0.0 }\n"),
  "modules/c/module.yaml": manifest("c", "dependencies:\n  nowhere: ^1.0.0\n"),
  "modules/d/module.yaml": manifest("d", "dependencies:\n  e: ^2.0.0\n"),
  "modules/e/module.yaml": manifest("e", "", "1.0.0"),
  "more/e/module.yaml": manifest("e", "", "1.0.0"),
};

interface Report {
  readonly ok: boolean;
  readonly problems: readonly {
    readonly code: string;
    readonly message: string;
    readonly fix: string;
    readonly at: readonly { readonly file: string; readonly line?: number; readonly column?: number }[];
  }[];
}

test("modules list shows a table in the order of the start", async () => {
  const root = folderWith(desk);
  const { code, stdout, stderr } = await platformctl(["modules", "list", "-C", root]);
  expect([code, stderr]).toEqual([0, ""]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^NAME +VERSION +SOURCE +DEPENDENCIES +MIGRATIONS +PERMISSIONS$/);
  const own = lines.filter((line) => line.includes(" directory "));
  expect(own.map((line) => line.split(/ {2,}/))).toEqual([
    ["identity", "1.2.0", "directory", "-", "-", "-"],
    ["knowledge", "1.0.0", "directory", "-", "-", "-"],
    ["tickets", "1.4.0", "directory", "identity ^1.0.0, knowledge ^1.0.0 (optional)", "2", "2"],
  ]);
  expect(lines.findIndex((line) => / platform +-/.test(line))).toBe(1);
});

test("modules list --json gives each module with all that scripts ask for", async () => {
  const root = folderWith(desk);
  const { code, stdout, stderr } = await platformctl(["modules", "list", "--json"], {
    cwd: path.join(root, "modules"),
  });
  expect([code, stderr]).toEqual([0, ""]);
  const modules: ListedModule[] = JSON.parse(stdout).modules;
  expect(modules.find(({ name }) => name === "tickets")).toEqual({
    name: "tickets",
    version: "1.4.0",
    source: "directory",
    dependencies: [
      { name: "identity", range: "^1.0.0", optional: false },
      { name: "knowledge", range: "^1.0.0", optional: true },
    ],
    permissions: ["tickets.ticket.read", "tickets.ticket.close"],
    migrations: ["0001_create_tickets.sql", "0002_add_title.sql"],
    path: path.join(root, "modules", "tickets"),
  });
  expect(modules.find(({ name }) => name === "http")).toMatchObject({ source: "platform", path: null });
});

test("modules list shows what it can of a broken platform, and says on stderr that there is more to see", async () => {
  const { code, stdout, stderr } = await platformctl(["modules", "list", "--json"], { cwd: folderWith(broken) });
  expect(code).toBe(1);
  expect(JSON.parse(stdout).modules.map(({ name }: ListedModule) => name)).toEqual(
    expect.arrayContaining(["a", "b", "c", "d", "e"]),
  );
  expect(stderr).toMatch(/^\d problems; platformctl modules validate shows what is wrong\n$/);
});

test("modules validate names a cycle, a missing dependency, a wrong range and a duplicate in one run", async () => {
  const cwd = folderWith(broken);
  const { code, stdout, stderr } = await platformctl(["modules", "validate", "--json"], { cwd });
  expect([code, stderr]).toEqual([1, ""]);
  const { ok, problems }: Report = JSON.parse(stdout);
  expect(ok).toBe(false);
  const texts = problems.map(({ message }) => message).join("\n");
  for (const problem of problems) {
    expect(Object.keys(problem).sort()).toEqual(["at", "code", "fix", "message"]);
    expect(problem.code).toMatch(/^[A-Z_]+$/);
    expect(problem.fix).not.toBe("");
    expect(problem.at[0]).toEqual({ file: expect.any(String), line: expect.any(Number), column: expect.any(Number) });
    expect(path.isAbsolute(problem.at[0]?.file ?? "")).toBe(true);
  }
  expect(new Set(problems.map((problem) => problem.code)).size).toBe(4);
  expect(texts).toMatch(/cycle|circ/i);
  expect(texts).toContain("nowhere");
  expect(texts).toContain("^2.0.0");
  const duplicate = problems.find(({ at }) => at.some(({ file }) => file.includes(`${path.sep}more${path.sep}`)));
  expect(duplicate?.at.map(({ file }) => path.relative(cwd, file)).sort()).toEqual([
    "modules/e/module.yaml",
    "more/e/module.yaml",
  ]);
});

test("modules validate tells people the same as text, with places as seen from where they are", async () => {
  const root = folderWith(broken);
  const { code, stdout, stderr } = await platformctl(["modules", "validate"], { cwd: path.join(root, "modules") });
  expect([code, stderr]).toEqual([1, ""]);
  expect(stdout).toMatch(/\n4 problems in \d+ modules\n$/);
  expect(stdout).toMatch(/^c\/module\.yaml:4:3$/m);
  expect(stdout).toMatch(/^ {2}also at \.\.\/more\/e\/module\.yaml:1:\d+$/m);
  expect(stdout.match(/^ {2}fix: ./gm)).toHaveLength(4);
  const inColour = await platformctl(["modules", "validate"], { cwd: path.join(root, "modules"), terminal: true });
  expect(inColour.stdout).not.toBe(stdout);
  expect(stripVTControlCharacters(inColour.stdout)).toBe(stdout);
});

test("modules validate is content with a platform that is right", async () => {
  const cwd = folderWith(desk);
  expect(await platformctl(["modules", "validate"], { cwd })).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+ modules, no problems\n$/),
    stderr: "",
  });
  expect(await platformctl(["modules", "validate", "--json"], { cwd })).toEqual({
    code: 0,
    stdout: '{\n  "version": 1,\n  "ok": true,\n  "problems": [],\n  "database": "there is none yet"\n}\n',
    stderr: "",
  });
});

test("modules validate checks settings, also those of variables and --set", async () => {
  const { code, stdout } = await platformctl(
    ["modules", "validate", "--set", "tickets.pagesize=3", "--set", "log.level=loud"],
    {
      cwd: folderWith(desk),
      env: { PLATFORM_TICKETS__PAGE_SIZE: "0" },
    },
  );
  expect(code).toBe(1);
  expect(stdout).toContain('"log.level" is "loud" (--set log.level)');
  expect(stdout).toContain(
    '"tickets.pagesize" (--set tickets.pagesize) is no setting of module "tickets"\n  fix: Write --set tickets.pageSize=... instead.',
  );
  expect(stdout).toContain(
    '"tickets.pageSize" is 0 (variable PLATFORM_TICKETS__PAGE_SIZE), but must be a whole number of at least 1',
  );
});

test("a broken platform.yaml is told with its place", async () => {
  const cwd = folderWith({ "platform.yaml": "modules: [modules/*\n" });
  mkdirSync(path.join(cwd, "modules"));
  const { code, stdout } = await platformctl(["modules", "validate"], { cwd });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^platform\.yaml:1:\d+\n/);
});

test("as a process: the result on stdout, the code, and no colour where no terminal is", async () => {
  const root = folderWith(broken);
  const { ended } = spawnPlatformctl(["modules", "validate", "-C", root, "--json"], { env: { FORCE_COLOR: "1" } });
  const { code, stdout, stderr } = await ended;
  expect([code, stderr]).toEqual([1, ""]);
  expect((JSON.parse(stdout) as Report).problems).toHaveLength(4);
});

test("as a process: a reader that goes away is no error", async () => {
  const running = spawnPlatformctl(["modules", "list", "-C", folderWith(desk), "--json"]);
  running.process.stdout?.destroy();
  expect(await running.ended).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("as a process: a wrong command line ends with 2", async () => {
  expect(await spawnPlatformctl(["modules", "list", "--jsn"]).ended).toMatchObject({ code: 2, stdout: "" });
});
