import path from "node:path";
import { Grants } from "@plinth/grants";
import { defineModule, service } from "@plinth/module";
import { startTestPlatform } from "@plinth/testing";
import { startPostgres, type TestPostgres } from "@plinth/testing/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWith, platformctl } from "./command-line.fixture.ts";

const files = {
  "platform.yaml": "name: desk\nmodules: [modules/*]\ndatabase: { dataDir: .data }\n",
  "modules/tickets/module.yaml": `name: tickets
version: 1.0.0
permissions:
  ticket.read: "See \\"all\\" tickets, *even* <b>old</b> | closed"
  ticket.close: { description: =HYPERLINK(1), group: Tickets }
  ticket.shut: { replacedBy: ticket.close }
`,
};

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

/** Starts the platform once, with roles, and stops it. */
async function run(root: string, database: Readonly<Record<string, unknown>>): Promise<void> {
  const ref = service<Grants>("access.grants");
  const access = defineModule(
    { name: "access", version: "1.0.0" },
    { requires: { given: Grants }, provides: { grants: ref }, setup: ({ given }) => ({ grants: given }) },
  );
  await using platform = await startTestPlatform({ root, modules: [access], settings: { database } });
  const grants = platform.service(ref);
  await grants.defineRole({ name: "agent", description: "", allow: ["tickets.*"], deny: [] });
  await grants.defineRole({ name: "guest", description: "", allow: ["tickets.ticket.read"], deny: ["*.ticket.close"] });
  await platform.service(ref).change(async (_, transaction) => {
    await transaction.query("insert into grants.role_grants values ('guest', 'gone.*', 'allow')");
  });
}

test("the matrix is read from PostgreSQL, in every format, while a platform may be running on it", async () => {
  const cwd = folderWith(files);
  const { url } = await postgres.createDatabase();
  await run(cwd, { url });
  const matrix = (...args: string[]) =>
    platformctl(["permissions", "matrix", "--set", `database.url=${url}`, ...args], { cwd });
  expect(await matrix()).toEqual({
    code: 0,
    stdout: [
      "PERMISSION            agent  guest",
      "tickets.ticket.read   allow  allow",
      "tickets.ticket.close  allow  deny",
      "",
    ].join("\n"),
    stderr: "the pattern gone.* of role guest fits no permission\n",
  });
  expect((await matrix("--format", "markdown")).stdout).toBe(
    [
      "| Permission |  | agent | guest |",
      "| --- | --- | :-: | :-: |",
      '| tickets.ticket.read | See "all" tickets, &#42;even&#42; &#60;b&#62;old&#60;/b&#62; &#124; closed | allow | allow |',
      "| tickets.ticket.close | =HYPERLINK(1) | allow | deny |",
      "",
    ].join("\n"),
  );
  expect((await matrix("--format", "csv")).stdout).toBe(
    [
      "permission,module,group,description,agent,guest",
      'tickets.ticket.read,tickets,,"See ""all"" tickets, *even* <b>old</b> | closed",allow,allow',
      "tickets.ticket.close,tickets,Tickets,'=HYPERLINK(1),allow,deny",
      "",
    ].join("\r\n"),
  );
  const { stdout, stderr } = await matrix("--format", "json");
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({
    roles: ["agent", "guest"],
    permissions: [
      { code: "tickets.ticket.read", module: "tickets", group: null, roles: { agent: "allow", guest: "allow" } },
      { code: "tickets.ticket.close", group: "Tickets", roles: { agent: "allow", guest: "deny" } },
    ],
    unused: [{ role: "guest", pattern: "gone.*" }],
  });
});

test("it is read from a folder of PGlite too", { timeout: 60_000 }, async () => {
  const cwd = folderWith(files);
  await run(cwd, { dataDir: path.join(cwd, ".data") });
  const { code, stdout } = await platformctl(["permissions", "matrix"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain("tickets.ticket.close  allow  deny\n");
});

test("a database without grants, and one that is not there, are told and not made", async () => {
  const cwd = folderWith(files);
  const { code, stdout, stderr } = await platformctl(["permissions", "matrix"], { cwd });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(`GRANT_STORE_EMPTY: the database ${cwd}/.data holds no grants\n`);
  expect((await platformctl(["permissions", "matrix"], { cwd })).stderr).toBe(stderr);

  const { url } = await postgres.createDatabase();
  const empty = await platformctl(["permissions", "matrix", "--set", `database.url=${url}`], { cwd });
  expect(empty).toMatchObject({ code: 1, stderr: expect.stringContaining("GRANT_STORE_EMPTY") });

  const away = ["--set", "database.url=postgres://ann:secret@127.0.0.1:1/x", "--set", "database.connectTimeout=0s"];
  const unreachable = await platformctl(["permissions", "matrix", ...away], { cwd });
  expect(unreachable).toMatchObject({ code: 1, stderr: expect.stringContaining("DATABASE_UNREACHABLE") });
  expect(unreachable.stderr).not.toContain("secret");
});

test("a format that there is not is refused", async () => {
  const { code, stderr } = await platformctl(["permissions", "matrix", "--format", "xml"], { cwd: folderWith(files) });
  expect(code).toBe(2);
  expect(stderr).toContain("COMMAND_USAGE");
});
