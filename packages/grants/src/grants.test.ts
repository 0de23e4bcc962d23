import { defineModule } from "@plinth/module";
import { Permissions } from "@plinth/permissions";
import { startTestPlatform } from "@plinth/testing";
import { startPostgres, type TestPostgres } from "@plinth/testing/postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTickets, type Ticketing, tickets } from "./tickets.fixture.ts";

const read = "tickets.ticket.read";
const shut = "tickets.ticket.shut";

const ways = [
  { kind: "PGlite", apart: false },
  { kind: "PGlite", apart: true },
  { kind: "PostgreSQL", apart: false },
];

describe.each(ways)("grants on $kind, apart from the host: $apart", ({ kind, apart }) => {
  let postgres: TestPostgres | undefined;
  let platform: Ticketing;
  let count = 0;

  beforeAll(async () => {
    postgres = kind === "PostgreSQL" ? await startPostgres() : undefined;
    const database = postgres === undefined ? { dataDir: "memory://" } : { url: (await postgres.createDatabase()).url };
    platform = await startTickets(database, { grants: { defaultRole: "guest" }, apart });
  });
  afterAll(async () => {
    await platform[Symbol.asyncDispose]();
    await postgres?.stop();
  });

  /** Somebody with a role of their own. */
  async function somebody(...allow: string[]): Promise<{ readonly id: string; readonly role: string }> {
    const [id, role] = [`somebody-${++count}`, `role-${count}`];
    await platform.grants.defineRole({ name: role, description: "", allow, deny: [] });
    await platform.grants.assign(id, role);
    return { id, role };
  }

  test("what is granted, denied and taken away counts at once", async () => {
    const { grants, may } = platform;
    const { id, role } = await somebody();
    expect(may(id, shut)).toBe(false);
    expect(await grants.grant(role, shut)).toBe(true);
    expect(may(id, shut)).toBe(true);
    expect(await grants.grant(role, shut)).toBe(false);
    expect(await grants.deny(role, "tickets.*")).toBe(true);
    expect(may(id, shut)).toBe(false);
    expect(await grants.revoke(role, "tickets.*")).toBe(true);
    expect(may(id, shut)).toBe(true);
    expect(await grants.deny(role, shut)).toBe(true);
    expect(grants.role(role)).toMatchObject({ allow: [], deny: [shut] });
    expect(await grants.revoke(role, shut)).toBe(true);
    expect(await grants.revoke(role, shut)).toBe(false);
    expect(may(id, shut)).toBe(false);
  });

  test.runIf(apart)("only the query builder cannot be used in a change from there, and says so", async () => {
    const refused = platform.grants.change(async (_edit, transaction) => transaction.kysely());
    await expect(refused).rejects.toMatchObject({
      code: "ISOLATION_UNSUPPORTED",
      message:
        'module "tickets" runs in a process of its own, where the query builder inside grants.change cannot be used',
    });
  });

  test("roles are given, taken, redefined and removed", async () => {
    const { grants, may } = platform;
    const { id, role } = await somebody("tickets.ticket.*");
    expect(await grants.assign(id, role)).toBe(false);
    expect(grants.assignedRoles(id)).toEqual([role]);
    expect(grants.principalsWith(role)).toEqual([id]);
    expect(grants.permissionsOf(id)).toEqual([read, shut, "tickets.ticket.merge"]);
    await grants.defineRole({ name: role, description: "Reads", allow: [read, shut], deny: [shut] });
    expect(grants.role(role)).toEqual({ name: role, description: "Reads", allow: [read], deny: [shut] });
    expect(grants.permissionsOf(id)).toEqual([read]);
    await expect(grants.removeRole(role)).rejects.toThrow(`the role "${role}" cannot be removed: 1 have it`);
    expect(await grants.unassign(id, role)).toBe(true);
    expect(await grants.unassign(id, role)).toBe(false);
    expect([grants.assignedRoles(id), grants.rolesOf(id), may(id, read)]).toEqual([[], ["guest"], false]);
    expect(await grants.removeRole(role)).toBe(true);
    expect(await grants.removeRole(role)).toBe(false);
    expect(grants.role(role)).toBeUndefined();
  });

  test("what would be no sense is refused, and says what to write", async () => {
    const { grants } = platform;
    const { id, role } = await somebody();
    await expect(grants.grant(role, "tickets.ticket.reed")).rejects.toMatchObject({
      code: "GRANT_PATTERN_UNKNOWN",
      message: 'no permission fits "tickets.ticket.reed"',
      fix: 'Did you mean "tickets.ticket.read"?',
    });
    await expect(grants.deny(role, "tickets.tick*")).rejects.toMatchObject({ code: "GRANT_PATTERN" });
    await expect(grants.grant("role-nobody-has", read)).rejects.toMatchObject({
      code: "GRANT_ROLE_UNKNOWN",
      fix: "Define it first.",
    });
    await expect(grants.assign(id, `${role}x`)).rejects.toMatchObject({ fix: `Did you mean "${role}"?` });
    const bad = { name: "No Name", description: "", allow: [], deny: [] };
    await expect(grants.defineRole(bad)).rejects.toMatchObject({ code: "GRANT_ROLE_NAME" });
    expect(grants.unknownPatterns([read, "tickets.*", "tickets.x.*", "x"])).toEqual(["tickets.x.*", "x"]);
  });

  test("several changes are made together or not at all, with what the caller writes besides", async () => {
    const { grants, may, database } = platform;
    const { id, role } = await somebody();
    await database.query("create table if not exists tickets.log (said text)");
    const failed = grants.change(async (edit, transaction) => {
      await edit.grant(role, shut);
      await transaction.query("insert into tickets.log values ('never')");
      throw new Error("changed my mind");
    });
    await expect(failed).rejects.toThrow("changed my mind");
    expect(may(id, shut)).toBe(false);
    const said = await grants.change(async (edit, transaction) => {
      await edit.grant(role, read);
      await edit.grant(role, shut);
      await transaction.query("insert into tickets.log values ('done')");
      return "both";
    });
    expect(said).toBe("both");
    expect(grants.permissionsOf(id)).toEqual([read, shut]);
    expect((await database.query("select said from tickets.log")).rows).toEqual([{ said: "done" }]);
  });

  test("a transaction counts as one change, however much it changes, and one that is rolled back as none", async () => {
    const { grants, database } = platform;
    const revision = async () => Number((await database.query("select number from grants.revision")).rows[0]?.number);
    const { id, role } = await somebody();
    const before = await revision();
    await grants.change(async (edit) => {
      await edit.grant(role, read);
      await edit.grant(role, shut);
      for (let index = 0; index < 20; index++) await edit.assign(`${id}-${index}`, role);
    });
    expect(await revision()).toBe(before + 1);
    await grants.change((edit) => edit.grant(role, read));
    expect(await revision()).toBe(before + 1);
    await database
      .transaction(async (transaction) => {
        await transaction.query("delete from grants.assignments");
        throw new Error("rolled back");
      })
      .catch(() => {});
    expect(await revision()).toBe(before + 1);
    expect(grants.principalsWith(role)).toHaveLength(21);
  });

  test("what somebody writes by hand counts too", async () => {
    const { grants, may, database } = platform;
    const { id, role } = await somebody(read);
    const soon = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 10 });
    await database.query("insert into grants.role_grants values ($1, $2, 'allow')", [role, shut]);
    await soon(() => expect(may(id, shut)).toBe(true));
    await database.query("update grants.assignments set principal = $1 where principal = $2", [`${id}-other`, id]);
    await soon(() => expect([may(id, shut), may(`${id}-other`, shut)]).toEqual([false, true]));
    await database.query("update grants.roles set name = $1 where name = $2", [`${role}-renamed`, role]);
    await soon(() => expect(grants.assignedRoles(`${id}-other`)).toEqual([`${role}-renamed`]));
    expect(may(`${id}-other`, shut)).toBe(true);
    await database.query("delete from grants.role_grants where pattern = $1", [shut]);
    await soon(() => expect([may(`${id}-other`, shut), may(`${id}-other`, read)]).toEqual([false, true]));
    await database.query("truncate grants.assignments");
    await soon(() => expect([may(`${id}-other`, read), grants.principalsWith(role)]).toEqual([false, []]));
  });

  test("a default role that nobody has defined is warned of", async () => {
    const { grants, may, platform: running } = platform;
    const health = async () => (await running.platform.health()).find(({ module }) => module === "grants");
    expect(await health()).toMatchObject({
      status: "warn",
      messages: ['there is no role "guest", which the setting grants.defaultRole gives to everybody without one'],
    });
    expect(may("anybody", read)).toBe(false);
    await grants.defineRole({ name: "guest", description: "", allow: [read], deny: [] });
    expect(await health()).toMatchObject({ status: "pass", messages: [] });
    expect(may("anybody", read)).toBe(true);
  });
});

test("a check costs no query", async () => {
  await using platform = await startTickets({ dataDir: "memory://" }, { grants: { pollInterval: "1h" } });
  await platform.grants.defineRole({ name: "agent", description: "", allow: ["tickets.*"], deny: [] });
  await platform.grants.assign("ann", "agent");
  const query = vi.spyOn((await import("@electric-sql/pglite")).PGlite.prototype, "execProtocol");
  const queries = vi.spyOn((await import("@electric-sql/pglite")).PGlite.prototype, "query");
  for (let index = 0; index < 1000; index++) expect(platform.may("ann", read)).toBe(true);
  expect([query.mock.calls.length, queries.mock.calls.length]).toEqual([0, 0]);
});

test("grants that no module requires open no database and decide nothing", async () => {
  const other = defineModule(
    { name: "other", version: "1.0.0", permissions: { read: "Read" } },
    {
      requires: { permissions: Permissions },
      setup({ permissions }) {
        permissions.useAuthorizer({ can: () => true });
      },
    },
  );
  await using running = await startTestPlatform({ modules: [other] });
  expect(running.log.lines.map(({ message }) => message)).toContain("no module uses the database: it stays closed");
  expect(running.service(Permissions)).toBeDefined();
  expect(running.platform.status().modules.find(({ name }) => name === "grants")?.state).toBe("running");
});

test("whoever requires the grants cannot install another authorizer", async () => {
  const second = defineModule(
    { name: "second", version: "1.0.0" },
    {
      requires: { permissions: Permissions },
      setup: ({ permissions }) => permissions.useAuthorizer({ can: () => true }),
    },
  );
  await expect(startTestPlatform({ modules: [tickets(), second] })).rejects.toThrow(
    'module "second" installs an authorizer, but module "grants" has installed one already',
  );
});
