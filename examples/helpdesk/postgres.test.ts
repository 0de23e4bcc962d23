import { startPostgres, type TestDatabase, type TestPostgres } from "@plinth/testing/postgres";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Client, client, signIn } from "./client.fixture.ts";
import { type HelpdeskProcess, startHelpdesk } from "./helpdesk.fixture.ts";

let server: TestPostgres;
let database: TestDatabase;

beforeAll(async () => {
  server = await startPostgres();
});

beforeEach(async () => {
  database = await server.createDatabase();
});

afterAll(() => server.stop());

function start(settings: Readonly<Record<string, string>> = {}): Promise<HelpdeskProcess> {
  return startHelpdesk({ PLATFORM_DATABASE__URL: database.url, ...settings });
}

async function sql(...statements: readonly string[]): Promise<void> {
  const connection = new pg.Client({ connectionString: database.url });
  await connection.connect();
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}

async function openTicket(customer: Client): Promise<string> {
  return (await customer.post("/tickets", { subject: "Help", body: "It does not work." })).body.reference;
}

test("two replicas on PostgreSQL share everything, and a change of grants reaches both", async () => {
  const replicas = await Promise.all([start(), start()]);
  await using first = replicas[0];
  await using second = replicas[1];
  const demo = await client(first.url).post("/identity/sessions", {
    email: "demo@helpdesk.example",
    password: "try-the-helpdesk",
  });
  const [here, there] = [client(first.url, demo.body.token), client(second.url, demo.body.token)];
  const admin = await signIn(first.url, "admin@helpdesk.example");
  const reference = await openTicket(here);
  expect((await there.post(`/tickets/${reference}/close`)).status).toBe(403);
  await admin.put(`/access/users/${demo.body.user.id}/roles/agent`);
  expect((await here.post(`/tickets/${reference}/close`)).status).toBe(200);
  await expect.poll(async () => (await there.get("/reports/summary")).status, { timeout: 10_000 }).toBe(200);

  // A change that somebody makes by hand counts too.
  await sql(`delete from grants.assignments where principal = '${demo.body.user.id}'`);
  await expect.poll(async () => (await there.get("/reports/summary")).status, { timeout: 10_000 }).toBe(403);

  for (const statement of [
    "update audit.events set action = 'x'",
    "delete from audit.events",
    "truncate audit.events",
  ]) {
    await expect(sql(statement)).rejects.toThrow("the audit trail is append-only");
  }
  for (const replica of [first, second]) replica.signal("SIGTERM");
  expect(await Promise.all([first.exitCode, second.exitCode])).toEqual([0, 0]);
});

test("without notifications, which are not critical, tickets are answered all the same", async () => {
  // Something is in the way of the module's first migration.
  await sql("create schema notifications", "create table notifications.notifications (id int)");
  await using helpdesk = await start();
  const { body } = await client(helpdesk.url).get("/readyz");
  expect(body).toMatchObject({
    status: "ready",
    state: "degraded",
    modules: [{ name: "notifications", critical: false }],
  });
  const agent = await signIn(helpdesk.url, "agent@helpdesk.example");
  const reference = await openTicket(await signIn(helpdesk.url, "demo@helpdesk.example"));
  expect((await agent.post(`/tickets/${reference}/replies`, { body: "Try again." })).status).toBe(201);
  const notifications = await agent.get("/notifications");
  expect(notifications.status).toBe(503);
  expect(notifications.body).toMatchObject({ type: "urn:plinth:problem:module-not-running", module: "notifications" });
});

test("when notifications break while it runs, tickets are answered all the same", async () => {
  await using helpdesk = await start();
  const agent = await signIn(helpdesk.url, "agent@helpdesk.example");
  const reference = await openTicket(await signIn(helpdesk.url, "demo@helpdesk.example"));
  await sql("drop table notifications.notifications");
  expect((await agent.post(`/tickets/${reference}/replies`, { body: "Try again." })).status).toBe(201);
  expect(helpdesk.log()).toContain(`nobody was told: Alan Agent answered your ticket ${reference}`);
});

test("a platform without notifications, knowledge and reports is a helpdesk too", async () => {
  const modules = ["audit", "identity", "access", "tickets"].map((name) => `modules/${name}`);
  await using helpdesk = await start({ PLATFORM_MODULES: JSON.stringify(modules) });
  const agent = await signIn(helpdesk.url, "agent@helpdesk.example");
  const demo = await signIn(helpdesk.url, "demo@helpdesk.example");
  const { status, body } = await demo.post("/tickets", { subject: "Help", body: "It does not work." });
  expect(status).toBe(201);
  expect(body.suggestions).toEqual([]);
  expect((await agent.post(`/tickets/${body.reference}/replies`, { body: "Try again." })).status).toBe(201);
  expect((await agent.get("/notifications")).status).toBe(404);
});

test("without demo users the administrator of the settings is the only one there", async () => {
  await using helpdesk = await start({
    PLATFORM_IDENTITY__SEED_DEMO_USERS: "false",
    PLATFORM_IDENTITY__ADMINISTRATOR__EMAIL: "boss@example.com",
    PLATFORM_IDENTITY__ADMINISTRATOR__PASSWORD: "not for everybody",
  });
  await expect(signIn(helpdesk.url, "admin@helpdesk.example")).rejects.toThrow("401");
  const administrator = await signIn(helpdesk.url, "boss@example.com", "not for everybody");
  expect((await administrator.get("/access/me")).body.roles).toEqual(["admin"]);
  expect((await administrator.get("/identity/users")).body.items).toHaveLength(1);
  expect(helpdesk.log()).not.toContain("not for everybody");
});
