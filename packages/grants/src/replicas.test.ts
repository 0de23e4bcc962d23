import { startPostgres, type TestPostgres } from "@plinth/testing/postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startProxy } from "./proxy.fixture.ts";
import { startTickets, type Ticketing } from "./tickets.fixture.ts";

const read = "tickets.ticket.read";
const shut = "tickets.ticket.shut";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const soon = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

async function addAnn({ grants }: Ticketing, ...allow: string[]): Promise<void> {
  await grants.defineRole({ name: "agent", description: "", allow, deny: [] });
  await grants.assign("ann", "agent");
}

/** The messages of the health check of the grants; none when they are all right. */
async function complaintsOf({ platform }: Ticketing): Promise<readonly string[]> {
  const health = await platform.platform.health();
  return health.find(({ module }) => module === "grants")?.messages ?? ["not running"];
}

test("two platforms on one database follow each other's changes", async () => {
  const database = { url: (await postgres.createDatabase()).url };
  await using one = await startTickets(database, { grants: { pollInterval: "1h" } });
  await using other = await startTickets(database, { grants: { pollInterval: "1h" } });
  await addAnn(one, read);
  await soon(() => expect([one, other].map(({ may }) => may("ann", read))).toEqual([true, true]));
  await other.grants.deny("agent", "tickets.*");
  await soon(() => expect([one, other].map(({ may }) => may("ann", read))).toEqual([false, false]));
  await one.grants.revoke("agent", "tickets.*");
  await one.grants.unassign("ann", "agent");
  await other.grants.assign("bob", "agent");
  const may = ({ may }: Ticketing) => [may("ann", read), may("bob", read)];
  await soon(() =>
    expect([one, other].map(may)).toEqual([
      [false, true],
      [false, true],
    ]),
  );
});

test("a replica that is not told of changes finds them by looking", async () => {
  const database = { url: (await postgres.createDatabase()).url };
  await using one = await startTickets(database);
  await using other = await startTickets(database, { grants: { pollInterval: "20ms" } });
  await addAnn(one, read);
  await soon(() => expect(other.may("ann", read)).toBe(true));
  const listening = "application_name = 'plinth notifications' and datname = current_database()";
  const killing = setInterval(() => {
    void one.database.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${listening}`);
  }, 5);
  await one.grants.grant("agent", shut);
  await soon(() => expect(other.may("ann", shut)).toBe(true));
  clearInterval(killing);
});

test("only what has changed is read again", async () => {
  const database = { url: (await postgres.createDatabase()).url };
  await using one = await startTickets(database);
  await addAnn(one, read);
  await one.database.query(
    "insert into grants.assignments (principal, role) select 'user-' || number, 'agent' from generate_series(1, 5000) number",
  );
  await soon(() => expect(one.may("user-5000", read)).toBe(true));
  await one.grants.assign("bob", "agent");
  await one.grants.unassign("user-7", "agent");
  const reads = one.platform.log.lines.filter(({ message }) => message === "read the grants");
  expect(reads.slice(-3).map(({ fields }) => fields.assignments)).toEqual([5000, 1, 1]);
  expect(["bob", "user-7", "user-8"].map((who) => one.may(who, read))).toEqual([true, false, true]);

  await using other = await startTickets(database);
  expect(["bob", "user-7", "user-8"].map((who) => other.may(who, read))).toEqual([true, false, true]);
});

test("without the database the last known grants stay in force, with a warning, and it catches up afterwards", async () => {
  const { url } = await postgres.createDatabase();
  await using proxy = await startProxy(url);
  await using cut = await startTickets(
    { url: proxy.url, pool: { acquireTimeout: "200ms" } },
    { grants: { pollInterval: "50ms" } },
  );
  await using other = await startTickets({ url });
  await addAnn(other, read);
  await soon(() => expect(cut.may("ann", read)).toBe(true));
  expect(await complaintsOf(cut)).toEqual([]);

  proxy.cut();
  await other.grants.grant("agent", shut);
  await other.grants.revoke("agent", read);
  await soon(async () =>
    expect(await complaintsOf(cut)).toEqual([
      expect.stringMatching(/^permissions are decided by grants that were read \d+ s ago$/),
    ]),
  );
  expect([cut.may("ann", read), cut.may("ann", shut)]).toEqual([true, false]);
  const warnings = cut.platform.log.lines.filter(
    ({ level, message }) => level === "warn" && /grants cannot be read/.test(message),
  );
  expect(warnings).toHaveLength(1);

  proxy.mend();
  await soon(() => expect([cut.may("ann", read), cut.may("ann", shut)]).toEqual([false, true]));
  expect(await complaintsOf(cut)).toEqual([]);
});
