import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";

const desk = {
  "platform.yaml": "name: desk\nmodules: [modules/*]\nhttp: { port: 0 }\n",
  "modules/identity/module.yaml": "name: identity\nversion: 1.0.0\nmigrations: ./migrations\n",
  "modules/identity/migrations/0001_create_users.sql": "create table users (id int);\n",
  "modules/tickets/module.yaml":
    "name: tickets\nversion: 1.0.0\ndependencies: { identity: ^1.0.0 }\nmigrations: ./migrations\n",
  "modules/tickets/migrations/0001_create_tickets.sql": "create table tickets (id int);\n",
  "modules/tickets/migrations/0002_add_title.sql": "alter table tickets add title text;\n",
  "modules/plain/module.yaml": "name: plain\nversion: 1.0.0\n",
};

const migrations = (cwd: string, ...args: string[]) => platformctl(["migrations", ...args], { cwd });

test("from pending to applied: plan, apply, status and verify agree", async () => {
  const root = folderWith(desk);
  const tickets = path.join(root, "modules", "tickets");

  expect(await migrations(tickets, "status")).toEqual({
    code: 0,
    stdout: `MODULE    APPLIED  PENDING  LAST APPLIED  STATE
identity  -        1        -             pending
tickets   -        2        -             pending
`,
    stderr: "",
  });
  expect(await migrations(root, "plan")).toEqual({
    code: 0,
    stdout: `-- identity: 0001_create_users.sql (schema identity)
create table users (id int);

-- tickets: 0001_create_tickets.sql (schema tickets)
create table tickets (id int);

-- tickets: 0002_add_title.sql (schema tickets)
alter table tickets add title text;

-- 3 migrations
`,
    stderr: "",
  });
  expect(existsSync(path.join(root, ".data"))).toBe(false);

  expect(await migrations(root, "apply")).toEqual({
    code: 0,
    stdout: `identity  0001_create_users.sql
tickets   0001_create_tickets.sql
tickets   0002_add_title.sql
3 migrations applied
`,
    stderr: "",
  });
  expect((await migrations(root, "apply")).stdout).toBe("everything is applied already\n");
  expect((await migrations(root, "plan")).stdout).toBe("-- nothing is pending\n");
  const { database, modules, unknown } = JSON.parse((await migrations(root, "status", "--json")).stdout);
  expect([database, unknown]).toEqual([path.join(root, ".data", "database"), []]);
  expect(modules.find(({ module }: { readonly module: string }) => module === "tickets")).toEqual({
    module: "tickets",
    applied: [1, 2].map((number) => ({
      number,
      name: expect.stringMatching(/^000\d_.*\.sql$/),
      appliedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      durationMs: expect.any(Number),
      status: "applied",
    })),
    pending: [],
    problems: [],
  });

  // Edited after it was applied.
  const edited = path.join(tickets, "migrations", "0001_create_tickets.sql");
  writeFileSync(edited, "create table tickets (id bigint);\n");
  const verified = await migrations(tickets, "verify");
  expect([verified.code, verified.stderr]).toEqual([1, ""]);
  expect(verified.stdout).toMatch(/^migrations\/0001_create_tickets\.sql\n {2}MIGRATIONS_DRIFT: /);
  expect(verified.stdout).toMatch(/\n3 applied, 0 pending, 1 problem\n$/);
  const report = JSON.parse((await migrations(root, "verify", "--json")).stdout);
  expect(report).toMatchObject({ ok: false, applied: 3, pending: 0, problems: [{ code: "MIGRATIONS_DRIFT" }] });
  expect(await migrations(root, "status")).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("1 problem"),
    stderr: "1 problem; platformctl migrations verify shows what is wrong\n",
  });
  expect(await migrations(root, "apply")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("MIGRATIONS_DRIFT"),
  });
});

test("a migration that fails is a finding, and what came before it stays", async () => {
  const root = folderWith({ ...desk, "modules/tickets/migrations/0003_wrong.sql": "select * from nowhere;\n" });
  const { code, stdout, stderr } = await migrations(root, "apply");
  expect(code).toBe(1);
  expect(stdout).toMatch(/identity {2}0001_create_users\.sql\n[\s\S]*; not up to date: tickets\n$/);
  expect(stderr).toMatch(/^modules\/tickets\/migrations\/0003_wrong\.sql:1:15\n {2}MIGRATIONS_FAILED: /);
  const again = JSON.parse((await migrations(root, "apply", "--json")).stdout);
  expect(again).toMatchObject({
    ok: false,
    modules: [{ module: "tickets", problems: [{ code: "MIGRATIONS_FAILED" }] }],
  });
});

test("a platform with problems is not migrated", async () => {
  const root = folderWith({ ...desk, "modules/plain/module.yaml": "name: plain\nversion: 1\n" });
  expect(await migrations(root, "apply")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("modules/plain/module.yaml:2:10"),
  });
  expect(existsSync(path.join(root, ".data"))).toBe(false);
});

test("a database that cannot be reached is a finding, without its password", async () => {
  const url = "postgres://me:hush@127.0.0.1:1/desk";
  const { code, stdout, stderr } = await migrations(
    folderWith(desk),
    "status",
    "--set",
    `database.url=${url}`,
    "--set",
    "database.connectTimeout=50ms",
  );
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("DATABASE_UNREACHABLE: PostgreSQL at postgres://me");
  expect(stderr).not.toContain("hush");
});

test("as processes: while a platform runs on PGlite, its database says who has it", async () => {
  const root = folderWith(desk);
  const running = spawnPlatformctl(["start", "-C", root], { env: { PLATFORM_LOG__FORMAT: "json" } });
  await vi.waitFor(() => expect(running.stdout()).toContain("critical path"), { timeout: 25_000, interval: 50 });
  const { code, stdout, stderr } = await spawnPlatformctl(["migrations", "status", "-C", root]).ended;
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(`DATABASE_FOLDER_IN_USE: the database folder ${root}/.data/database is in use by process`);
  running.process.kill("SIGTERM");
  await running.ended;
  expect(await spawnPlatformctl(["migrations", "verify", "-C", root]).ended).toEqual({
    code: 0,
    stdout: "3 applied, 0 pending, no problems\n",
    stderr: "",
  });
});

test.each([["plan"], ["apply"]])("as a process: migrations %s", async (command) => {
  const { code, stdout, stderr } = await spawnPlatformctl(["migrations", command, "-C", folderWith(desk)]).ended;
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/3 migrations/);
});

describe("migrations new", () => {
  test("writes a migration with the next number, and says where", async () => {
    const root = folderWith(desk);
    const cwd = path.join(root, "modules");
    expect(await migrations(cwd, "new", "tickets", "Add due-date")).toEqual({
      code: 0,
      stdout: "tickets/migrations/0003_add_due_date.sql\n",
      stderr: "",
    });
    expect(readFileSync(path.join(cwd, "tickets/migrations/0003_add_due_date.sql"), "utf8")).toBe("-- Add due-date.\n");
    const { stdout } = await migrations(cwd, "new", "tickets", "backfill", "--code", "--json");
    const file = path.join(cwd, "tickets/migrations/0004_backfill.ts");
    expect(JSON.parse(stdout)).toEqual({ version: 1, module: "tickets", number: 4, file });
    expect(readFileSync(file, "utf8")).toContain("export default async function migrate({ query }");
    expect(readdirSync(path.dirname(file)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("makes the folder that the manifest names", async () => {
    const root = folderWith({
      "platform.yaml": "modules: [modules/*]\n",
      "modules/fresh/module.yaml": "name: fresh\nversion: 1.0.0\nmigrations: ./sql\n",
    });
    expect((await migrations(root, "new", "fresh", "begin")).stdout).toBe("modules/fresh/sql/0001_begin.sql\n");
  });

  test.each([
    ["tickts", "x", "COMMAND_MODULE_UNKNOWN"],
    ["plain", "x", 'Add the line "migrations: ./migrations" to its manifest'],
    ["http", "x", "Name a module that has a folder of its own"],
    ["tickets", "-- ?", "COMMAND_MIGRATION_NAME"],
  ])("%s %s is refused: %s", async (module, name, text) => {
    const outcome = await migrations(folderWith(desk), "new", "--", module, name);
    expect(outcome).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(text) });
  });

  test("says what a killed one left behind", async () => {
    const root = folderWith({ ...desk, "modules/tickets/migrations/.0003.new": "" });
    const { code, stderr } = await migrations(root, "new", "tickets", "x");
    expect(code).toBe(2);
    expect(stderr).toContain(".0003.new\n  fix: Remove that file");
  });

  test("as processes: six at the same time get six numbers", async () => {
    const root = folderWith(desk);
    const running = Array.from({ length: 6 }, (_, index) =>
      spawnPlatformctl(["migrations", "new", "tickets", `step ${index}`, "-C", root]),
    );
    const outcomes = await Promise.all(running.map(({ ended }) => ended));
    expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual(Array(6).fill([0, ""]));
    const files = readdirSync(path.join(root, "modules/tickets/migrations")).sort();
    expect(files.map((name) => name.slice(0, 4))).toEqual([
      "0001",
      "0002",
      "0003",
      "0004",
      "0005",
      "0006",
      "0007",
      "0008",
    ]);
  });
});
