import { startPostgres, type TestPostgres } from "@plinth/testing/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Client, client, signIn } from "./client.fixture.ts";
import { type HelpdeskProcess, startHelpdesk } from "./helpdesk.fixture.ts";

/** A customer, signed in. */
type Customer = Client & { readonly id: string; readonly email: string };

let postgres: TestPostgres;
let helpdesk: HelpdeskProcess;
let nobody: Client;
let agent: Client;
let admin: Client;
let customer: Customer;
let other: Customer;
let registered = 0;

beforeAll(async () => {
  postgres = await startPostgres();
  helpdesk = await startHelpdesk({
    PLATFORM_DATABASE__URL: (await postgres.createDatabase()).url,
    PLATFORM_IDENTITY__SIGN_IN__ATTEMPTS_PER_ADDRESS: "1000",
  });
  nobody = client(helpdesk.url);
  agent = await signIn(helpdesk.url, "agent@helpdesk.example");
  admin = await signIn(helpdesk.url, "admin@helpdesk.example");
  customer = await newCustomer();
  other = await newCustomer();
});

afterAll(async () => {
  await helpdesk[Symbol.asyncDispose]();
  await postgres.stop();
});

async function newCustomer(): Promise<Customer> {
  const email = `customer-${++registered}@example.com`;
  const password = "long enough";
  const { body } = await nobody.post("/identity/users", { email, name: `Customer ${registered}`, password });
  return { ...(await signIn(helpdesk.url, email, password)), id: body.id, email };
}

async function newTicket(customer: Client): Promise<string> {
  const { body } = await customer.post("/tickets", { subject: "Help", body: "It does not work." });
  return body.reference;
}

function expectProblem(
  { status, headers, body }: Answer,
  expected: { readonly status: number; readonly [member: string]: unknown },
) {
  expect(body).toMatchObject(expected);
  expect(status).toBe(expected.status);
  expect(headers.get("content-type")).toBe("application/problem+json");
}

describe("identity", () => {
  test("an address is registered once, however it is written", async () => {
    const again = await nobody.post("/identity/users", {
      email: customer.email.toUpperCase(),
      name: "Other",
      password: "long enough",
    });
    expectProblem(again, { status: 409, type: "urn:helpdesk:problem:email-taken" });
  });

  test("what is wrong with a registration is said all together, part by part", async () => {
    const answer = await nobody.post("/identity/users", { email: "nonsense", name: "A", password: "long enough" });
    expectProblem(answer, { status: 400, errors: [{ at: "/body/email", message: 'must match format "email"' }] });
    expectProblem(await nobody.post("/identity/users", { email: "a@example.com", name: "A", password: "short" }), {
      status: 400,
      errors: [{ at: "/body/password", message: "must NOT have fewer than 10 characters" }],
    });
  });

  test("after five wrong passwords the right one has to wait, for this address only", async () => {
    const { email } = await newCustomer();
    const attempt = (password: string) => nobody.post("/identity/sessions", { email, password });
    for (let time = 1; time <= 5; time++) {
      expectProblem(await attempt("wrong"), { status: 401, type: "urn:helpdesk:problem:credentials-refused" });
    }
    const refused = await attempt("long enough");
    expectProblem(refused, { status: 429, type: "urn:helpdesk:problem:too-many-attempts" });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    await signIn(helpdesk.url, other.email, "long enough");
  });

  test("an address of nobody is answered like a wrong password", async () => {
    const answer = await nobody.post("/identity/sessions", { email: "nobody@example.com", password: "long enough" });
    expectProblem(answer, { status: 401, type: "urn:helpdesk:problem:credentials-refused" });
  });

  test("who signs out is signed out, elsewhere the sessions go on", async () => {
    const customer = await newCustomer();
    const elsewhere = await signIn(helpdesk.url, customer.email, "long enough");
    expect((await customer.get("/identity/sessions")).body.items).toHaveLength(2);
    expect((await customer.delete("/identity/sessions/current")).status).toBe(204);
    expectProblem(await customer.get("/identity/me"), { status: 401 });
    const { items } = (await elsewhere.get("/identity/sessions")).body;
    expect(items).toMatchObject([{ current: true }]);
  });

  test("nobody ends the session of somebody else", async () => {
    const { id } = (await customer.get("/identity/sessions")).body.items[0];
    expectProblem(await other.delete(`/identity/sessions/${id}`), { status: 404 });
    expect((await customer.get("/identity/me")).status).toBe(200);
  });
});

describe("tickets", () => {
  test("customers see their own, agents all", async () => {
    const reference = await newTicket(customer);
    expect((await customer.get("/tickets?limit=1")).body.items).toMatchObject([{ reference }]);
    expect((await other.get("/tickets")).body.items).toEqual([]);
    for (const path of [`/tickets/${reference}`, `/tickets/${reference}/replies`]) {
      expectProblem(await other.get(path), { status: 404 });
      expect((await agent.get(path)).status).toBe(200);
    }
    expectProblem(await other.post(`/tickets/${reference}/replies`, { body: "Me too!" }), { status: 404 });
  });

  test("a reference is understood in small letters, and one with a slip is called mistyped", async () => {
    const reference = await newTicket(customer);
    expect((await customer.get(`/tickets/${reference.toLowerCase()}`)).body.reference).toBe(reference);
    const slip = reference.slice(0, -1) + (reference.endsWith("2") ? "3" : "2");
    const { body } = await customer.get(`/tickets/${slip}`);
    expect(body.detail).toBe(`There is no ticket ${slip}. Its check character does not fit, so it may be mistyped.`);
  });

  test("an answer makes it answered and the agent responsible, a reply opens it again", async () => {
    const reference = await newTicket(customer);
    await agent.post(`/tickets/${reference}/replies`, { body: "Try again." });
    expect((await customer.get(`/tickets/${reference}`)).body).toMatchObject({
      state: "answered",
      assignee: { name: "Alan Agent" },
    });
    await customer.post(`/tickets/${reference}/replies`, { body: "I have." });
    expect((await customer.get(`/tickets/${reference}`)).body).toMatchObject({ state: "open" });
    expect((await customer.get(`/tickets/${reference}/replies`)).body.items).toMatchObject([
      { isAnswer: true, body: "Try again.", author: { name: "Alan Agent" } },
      { isAnswer: false, body: "I have." },
    ]);
    const { items } = (await agent.get("/notifications")).body;
    expect(items[0]).toMatchObject({ kind: "ticket.replied", link: `/tickets/${reference}` });
  });

  test("a closed one takes no reply and is not closed twice; its customer may open it again", async () => {
    const reference = await newTicket(customer);
    expect((await agent.post(`/tickets/${reference}/close`)).body).toMatchObject({ state: "closed" });
    const conflict = { status: 409, type: "urn:helpdesk:problem:ticket-state", state: "closed" };
    expectProblem(await customer.post(`/tickets/${reference}/replies`, { body: "Wait!" }), conflict);
    expectProblem(await agent.post(`/tickets/${reference}/close`), conflict);
    expect((await customer.post(`/tickets/${reference}/reopen`)).body).toMatchObject({ state: "open", closedAt: null });
    expectProblem(await customer.post(`/tickets/${reference}/reopen`), { status: 409, state: "open" });
  });

  test("of two agents who close it at the same time one does", async () => {
    const reference = await newTicket(customer);
    const answers = await Promise.all([1, 2, 3].map(() => agent.post(`/tickets/${reference}/close`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  test("only somebody who answers tickets can be responsible", async () => {
    const reference = await newTicket(customer);
    const assign = (assignee: string | null) => agent.put(`/tickets/${reference}/assignee`, { assignee });
    expectProblem(await assign(customer.id), { status: 409, type: "urn:helpdesk:problem:not-an-agent" });
    const { id } = (await admin.get("/identity/me")).body;
    expect((await assign(id)).body.assignee).toEqual({ id, name: "Ada Admin" });
    expect((await admin.get("/notifications")).body.items[0]).toMatchObject({ kind: "ticket.assigned" });
    expect((await assign(null)).body.assignee).toBeNull();
  });

  test("a list is read in pages, each ticket once and the latest first", async () => {
    const customer = await newCustomer();
    const references: string[] = [];
    for (let number = 0; number < 5; number++) references.unshift(await newTicket(customer));
    const read: string[] = [];
    let next: string | null = "";
    while (next !== null) {
      const cursor: string = next === "" ? "" : `&cursor=${next}`;
      const { body } = await customer.get(`/tickets?limit=2${cursor}`);
      expect(body.items.length).toBeLessThanOrEqual(2);
      read.push(...body.items.map((ticket: { reference: string }) => ticket.reference));
      next = body.next;
    }
    expect(read).toEqual(references);
    expectProblem(await customer.get("/tickets?limit=101"), { status: 400 });
    expectProblem(await customer.get("/tickets?cursor=1%20or%20true"), { status: 400 });
    expectProblem(await customer.get("/tickets?stat=open"), {
      status: 400,
      errors: [{ at: "/querystring/stat", message: "is not known here" }],
    });
  });
});

describe("access", () => {
  const roles = (id: string, role: string) => `/access/users/${id}/roles/${role}`;

  test("a permission that is missing is named; granted, it works at once; taken away, at once no more", async () => {
    const customer = await newCustomer();
    const reference = await newTicket(customer);
    const missing = { status: 403, permission: "tickets.ticket.close" };
    expectProblem(await customer.post(`/tickets/${reference}/close`), missing);

    const closer = { description: "Closes tickets.", allow: ["tickets.ticket.close", "tickets.ticket.re*"] };
    expectProblem(await admin.put("/access/roles/closer", closer), { status: 400 });
    closer.allow = ["tickets.ticket.close"];
    expect((await admin.put("/access/roles/closer", closer)).status).toBe(200);
    expect((await admin.put(roles(customer.id, "closer"))).status).toBe(204);
    expect((await admin.put(roles(customer.id, "customer"))).status).toBe(204);
    expect((await customer.post(`/tickets/${reference}/close`)).status).toBe(200);

    await admin.put("/access/roles/closer", { description: "Does nothing." });
    expectProblem(await customer.post(`/tickets/${reference}/close`), missing);
  });

  test("who is suspended may do nothing, whatever the other roles allow", async () => {
    const customer = await newCustomer();
    await admin.put(roles(customer.id, "agent"));
    expect((await customer.get("/reports/summary")).status).toBe(200);
    await admin.put(roles(customer.id, "suspended"));
    expectProblem(await customer.get("/reports/summary"), { status: 403, permission: "reports.summary.read" });
    expect((await customer.get("/access/me")).body).toEqual({ roles: ["agent", "suspended"], permissions: [] });
    await admin.delete(roles(customer.id, "suspended"));
    expect((await customer.get("/reports/summary")).status).toBe(200);
  });

  test("a pattern that fits no permission is refused by name", async () => {
    const role = { description: "Has a typo.", allow: ["tickets.tiket.*"], deny: ["tickets.*"] };
    expectProblem(await admin.put("/access/roles/typo", role), { status: 400, unknown: ["tickets.tiket.*"] });
  });

  test("nobody can lock everybody out", async () => {
    const { id } = (await admin.get("/identity/me")).body;
    expectProblem(await admin.delete(roles(id, "admin")), { status: 409 });
    expectProblem(await admin.put(roles(id, "suspended")), { status: 409 });
    expectProblem(await admin.put("/access/roles/admin", { description: "Nothing." }), { status: 409 });
  });

  test("roles are given to users that exist, and only roles that exist", async () => {
    expectProblem(await admin.put(roles(customer.id, "wizard")), { status: 404, detail: "There is no role wizard." });
    expectProblem(await admin.put(roles("00000000-0000-4000-8000-000000000000", "agent")), { status: 404 });
    expectProblem(await agent.put(roles(customer.id, "agent")), { status: 403, permission: "access.role.assign" });
  });
});

describe("knowledge", () => {
  test("a draft is for authors, a published article for everybody, a withdrawn one for authors again", async () => {
    const { body } = await agent.post("/articles", { title: "Löschen & laden", body: "How to charge the phone." });
    expect(body).toMatchObject({ slug: "loschen-laden", author: { name: "Alan Agent" }, publishedAt: null });
    expectProblem(await nobody.get("/articles/loschen-laden"), { status: 404 });
    expect((await agent.get("/articles/drafts")).body.items).toContainEqual({
      slug: "loschen-laden",
      title: "Löschen & laden",
    });
    await agent.post("/articles/loschen-laden/publish");
    expect((await nobody.get("/articles/loschen-laden")).body.body).toBe("How to charge the phone.");
    expect((await nobody.get("/articles?q=charging+phones")).body.items).toMatchObject([{ slug: "loschen-laden" }]);
    await agent.post("/articles/loschen-laden/withdraw");
    expect((await nobody.get("/articles?q=charging+phones")).body.items).toEqual([]);
    expect((await agent.get("/articles/drafts/loschen-laden")).status).toBe(200);
  });

  test("who may write but not publish cannot change what is published", async () => {
    const author = await newCustomer();
    await admin.put("/access/roles/author", { description: "Writes.", allow: ["knowledge.article.write"] });
    await admin.put(`/access/users/${author.id}/roles/author`);
    const text = { title: "About cables", body: "They are long." };
    await author.post("/articles", text);
    expect((await author.put("/articles/about-cables", { ...text, body: "They are short." })).status).toBe(200);
    await agent.post("/articles/about-cables/publish");
    expectProblem(await author.put("/articles/about-cables", text), {
      status: 403,
      permission: "knowledge.article.publish",
    });
  });

  test("words are searched for as people type them, in any order of signs", async () => {
    for (const [title, body] of [
      ["Red keyboards", "The red keyboard has red keys."],
      ["Blue keyboards", "The blue keyboard is quiet."],
    ] as const) {
      const { slug } = (await agent.post("/articles", { title, body })).body;
      await agent.post(`/articles/${slug}/publish`);
    }
    const found = async (q: string) => {
      const { body } = await nobody.get(`/articles?q=${encodeURIComponent(q)}`);
      return body.items.map(({ slug }: { slug: string }) => slug);
    };
    expect(await found("keyboard -blue")).toEqual(["red-keyboards"]);
    expect(await found('"keyboard is quiet"')).toEqual(["blue-keyboards"]);
    expect(await found("& | ! ( ' :* \\")).toEqual([]);
  });

  test("two articles of one title have two addresses", async () => {
    const write = async () => (await agent.post("/articles", { title: "Twice", body: "The same." })).body.slug;
    expect([await write(), await write()]).toEqual(["twice", "twice-2"]);
  });
});

test("notifications are one's own, and read when one says so", async () => {
  const [customer, other] = [await newCustomer(), await newCustomer()];
  for (let number = 0; number < 3; number++) await agent.post(`/tickets/${await newTicket(customer)}/close`);
  const { items } = (await customer.get("/notifications?unread=true")).body;
  expect(items).toHaveLength(3);
  expect((await other.get("/notifications")).body.items).toEqual([]);
  await other.post("/notifications/read", { upTo: items[0].id });
  await customer.post("/notifications/read", { upTo: items[1].id });
  expect((await customer.get("/notifications?unread=true")).body.items).toEqual([items[0]]);
});

test("the trail says what each module did, and who", async () => {
  const customer = await newCustomer();
  const reference = await newTicket(customer);
  await agent.post(`/tickets/${reference}/close`);
  const { items } = (await admin.get(`/audit/events?subjectId=${reference}`)).body;
  expect(items).toMatchObject([
    { module: "tickets", action: "ticket.closed", actor: { name: "Alan Agent" } },
    { module: "tickets", action: "ticket.opened", actor: { id: customer.id } },
  ]);
  const own = (await admin.get(`/audit/events?actor=${customer.id}`)).body.items;
  expect(own.map(({ action }: { action: string }) => action)).toEqual([
    "ticket.opened",
    "session.opened",
    "user.registered",
  ]);
  expect(JSON.stringify((await admin.get("/audit/events?limit=100")).body)).not.toMatch(/long enough|helpdesk_/);
});

test("the report counts what was opened in its period", async () => {
  const { body } = await agent.get("/reports/summary");
  expect(body.opened).toBe(body.byState.open + body.byState.answered + body.byState.closed);
  expect(body.agents.map(({ agent }: { agent: { name: string } }) => agent.name)).toContain("Alan Agent");
  const past = await agent.get("/reports/summary?from=2001-01-01&to=2001-01-31");
  expect(past.body).toMatchObject({ opened: 0, meanSecondsToFirstAnswer: null, meanSecondsToClose: null, agents: [] });
  expectProblem(await agent.get("/reports/summary?from=2001-02-01&to=2001-01-01"), { status: 400 });
  expectProblem(await agent.get("/reports/summary?from=yesterday"), { status: 400 });
});
