import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { newDatabaseFolder, openDatabase, settingsOf } from "@plinth/database";
import { startPostgres, type TestPostgres } from "@plinth/testing/postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";

const desk = {
  "platform.yaml": "name: desk\nhttp: { port: 0 }\n",
  "modules/tickets/module.yaml": "name: tickets\nversion: 1.0.0\nmigrations: ./migrations\n",
  "modules/tickets/migrations/0001_create_tickets.sql": "create table tickets (id int);\n",
  "modules/tickets/migrations/0002_add_title.sql": "alter table tickets add title text;\n",
  "modules/plain/module.yaml": "name: plain\nversion: 1.0.0\n",
};

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const unreachable = ["--set", "database.url=postgres://me:hush@127.0.0.1:1/desk"];

describe.each(["PGlite", "PostgreSQL"])("where the database is %s", (kind) => {
  let root: string;
  let at: readonly string[];
  const file = (name: string) => path.join(root, "modules/tickets/migrations", name);
  const validate = async (...args: string[]) => {
    const { code, stdout } = await platformctl(["modules", "validate", "--json", "-C", root, ...at, ...args]);
    const { problems, database } = JSON.parse(stdout);
    return { code, problems: problems.map((problem: { readonly code: string }) => problem.code), database };
  };

  beforeEach(async () => {
    root = folderWith(desk);
    at = kind === "PGlite" ? [] : ["--set", `database.url=${(await server.createDatabase()).url}`];
    if (kind === "PGlite") await newDatabaseFolder(path.join(root, ".data/database"));
    expect(await platformctl(["migrations", "apply", "-C", root, ...at])).toMatchObject({ code: 0 });
  });

  test("what was edited, came too late or is gone since it was applied is found", async () => {
    expect(await validate()).toEqual({ code: 0, problems: [], database: null });
    writeFileSync(file("0001_create_tickets.sql"), "create table tickets (id bigint);\n");
    expect(await validate()).toEqual({ code: 1, problems: ["MIGRATIONS_DRIFT"], database: null });
    expect(await validate("--no-database")).toEqual({ code: 0, problems: [], database: null });
    rmSync(file("0002_add_title.sql"));
    expect((await validate("--database")).problems).toEqual(["MIGRATIONS_DRIFT", "MIGRATIONS_DATABASE_NEWER"]);
  });
});

test("a database that is not there yet is not made", async () => {
  const root = folderWith(desk);
  const { code, stdout } = await platformctl(["modules", "validate", "--json", "--database", "-C", root]);
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    { version: 1, ok: true, problems: [], database: "there is none yet" },
  ]);
  expect(existsSync(path.join(root, ".data"))).toBe(false);
});

test("one that was still being made is left as it is", async () => {
  const root = folderWith({ ...desk, ".data/database/half": "", ".data/database.unfinished": "" });
  for (const command of [["modules", "validate"], ["migrations", "verify"], ["migrations", "status"], ["doctor"]]) {
    expect(await platformctl([...command, "-C", root])).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(path.join(root, ".data/database"))).toEqual(["half"]);
  }
});

test("one that a platform has is not waited for, and that is said on a terminal alone", async () => {
  const root = folderWith(desk);
  const dataDir = path.join(root, ".data/database");
  await newDatabaseFolder(dataDir);
  const pool = await openDatabase(settingsOf({ dataDir }));
  try {
    const piped = await spawnPlatformctl(["modules", "validate"], { cwd: root }).ended;
    expect([piped.code, piped.stderr]).toEqual([0, ""]);
    const seen = await platformctl(["modules", "validate"], { cwd: root, terminal: true });
    expect(seen).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^the database was not looked at: .* is in use by .*\n$/),
    });
    const needed = await platformctl(["modules", "validate", "--database"], { cwd: root });
    expect(needed).toMatchObject({ code: 1, stdout: expect.stringContaining("DATABASE_FOLDER_IN_USE") });
  } finally {
    await pool.close();
  }
});

test("one that does not answer is no problem unless it is needed, and its password is not shown", async () => {
  const root = folderWith(desk);
  const seen = await platformctl(["modules", "validate", "-C", root, ...unreachable], {
    terminal: true,
    env: { NO_COLOR: "1" },
  });
  expect(seen).toMatchObject({ code: 0, stdout: expect.stringContaining("no problems\n") });
  expect(seen.stderr).toMatch(/^the database was not looked at: PostgreSQL at .* did not answer within 2000 ms: .*\n$/);
  expect(seen.stderr).not.toContain("hush");
  const needed = [...unreachable, "--database", "--set", "database.connectTimeout=50ms"];
  const { code, stdout } = await platformctl(["modules", "validate", "-C", root, ...needed]);
  expect([code, stdout]).toEqual([1, expect.stringContaining("DATABASE_UNREACHABLE")]);
});

test("where no module has migrations, no database is looked for", async () => {
  const root = folderWith({
    "platform.yaml": "name: desk\n",
    "modules/plain/module.yaml": desk["modules/plain/module.yaml"],
  });
  const { code, stdout } = await platformctl([
    "modules",
    "validate",
    "--json",
    "--database",
    "-C",
    root,
    ...unreachable,
  ]);
  expect([code, JSON.parse(stdout).database]).toEqual([0, null]);
});
