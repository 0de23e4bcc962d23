import { openDatabase, settingsOf } from "@plinth/database";
import { startPostgres, type TestPostgres } from "@plinth/testing/postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const desk = {
  "platform.yaml": "name: desk\nmodules: [modules/*]\nhttp: { port: 0 }\n",
  "modules/tickets/module.yaml": "name: tickets\nversion: 1.0.0\nmigrations: ./migrations\n",
  "modules/tickets/migrations/0001_create_tickets.sql": "create table tickets (id int);\n",
  "modules/tickets/migrations/0002_add_title.sql": "alter table tickets add title text;\n",
};

test("as processes: of two that apply at the same time one does it, and both are content", async () => {
  const { url } = await server.createDatabase();
  const root = folderWith(desk);
  const args = ["migrations", "apply", "--json", "-C", root, "--set", `database.url=${url}`];
  const outcomes = await Promise.all([spawnPlatformctl(args).ended, spawnPlatformctl(args).ended]);
  expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual(Array(2).fill([0, ""]));
  const status = await platformctl(["migrations", "status", "-C", root, "--set", `database.url=${url}`]);
  expect(status).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^tickets +2 +- +0002_add_title\.sql +up to date$/m),
  });
});

test("as a process: Ctrl-C rolls back the migration that runs, and what came before stays", async () => {
  const { url } = await server.createDatabase();
  const root = folderWith({
    ...desk,
    "modules/tickets/migrations/0003_slow.sql": "select pg_sleep(60);\n",
  });
  const running = spawnPlatformctl(["migrations", "apply", "-C", root, "--set", `database.url=${url}`]);
  const pool = await openDatabase(settingsOf({ url }));
  const connection = await pool.acquire({ name: "test", schema: undefined });
  await vi.waitFor(
    async () => {
      const sleeping =
        "select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep%' and pid <> pg_backend_pid()";
      expect((await connection.query(sleeping)).rowCount).toBe(1);
    },
    { timeout: 20_000, interval: 50 },
  );
  running.process.kill("SIGINT");
  const { code, stdout, stderr } = await running.ended;
  connection.release();
  await pool.close();
  expect(code).toBe(1);
  expect(stdout).toContain("2 migrations applied; not up to date: tickets\n");
  expect(stderr).toContain("MIGRATIONS_INTERRUPTED");
});

test("doctor holds the clock against the server's", async () => {
  const { url } = await server.createDatabase();
  const { code, stdout } = await platformctl(["doctor", "-C", folderWith(desk), "--set", `database.url=${url}`]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^database +ok +PostgreSQL at postgres:\/\/.* answers$/m);
  expect(stdout).toMatch(/^clock +ok +agrees with the database server$/m);
});
