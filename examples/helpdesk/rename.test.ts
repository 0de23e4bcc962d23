import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";
import { createPlatform } from "@plinth/platform";
import { startPostgres } from "@plinth/testing/postgres";
import { expect, test } from "vitest";
import { type Client, client, signIn } from "./client.fixture.ts";
import { startHelpdesk } from "./helpdesk.fixture.ts";

const close = "tickets.ticket.close";
const finish = "tickets.ticket.finish";

/** The next release of the helpdesk, in which tickets are finished and no longer closed. */
function nextRelease(): { readonly root: string } & Disposable {
  const root = path.join(import.meta.dirname, ".cache/next-release");
  rmSync(root, { recursive: true, force: true });
  mkdirSync(path.join(root, "modules"), { recursive: true });
  const modules = path.join(import.meta.dirname, "modules");
  cpSync(path.join(modules, "tickets"), path.join(root, "modules/tickets"), { recursive: true });
  const manifest = path.join(root, "modules/tickets/module.yaml");
  const before = readFileSync(manifest, "utf8");
  const after = before.replace(
    /^( +)ticket\.close: .*$/m,
    "$1ticket.close: { replacedBy: ticket.finish, retired: 1.1.0 }\n$1ticket.finish: Finish a ticket",
  );
  expect(after).not.toBe(before);
  writeFileSync(manifest, after.replace("version: 1.0.0", "version: 1.1.0"));
  const others = readdirSync(modules).filter((name) => name !== "tickets");
  const patterns = ["modules/tickets", ...others.map((name) => `../../modules/${name}`)];
  writeFileSync(
    path.join(root, "platform.yaml"),
    `modules: ${JSON.stringify(patterns)}\ngrants: { defaultRole: customer }\n`,
  );
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

async function register(url: string, email: string): Promise<Client & { readonly id: string }> {
  const password = "long enough";
  const { body } = await client(url).post("/identity/users", { email, name: email, password });
  return { ...(await signIn(url, email, password)), id: body.id };
}

async function closeNewTicket(customer: Client) {
  const { body } = await customer.post("/tickets", { subject: "Help", body: "It does not work." });
  return customer.post(`/tickets/${body.reference}/close`);
}

test("who may close tickets still may in the release that renames that permission, and nobody else", async () => {
  const postgres = await startPostgres();
  const database = { url: (await postgres.createDatabase()).url };
  {
    await using helpdesk = await startHelpdesk({ PLATFORM_DATABASE__URL: database.url });
    const admin = await signIn(helpdesk.url, "admin@helpdesk.example");
    const customer = await register(helpdesk.url, "closer@example.com");
    const refused = await closeNewTicket(customer);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(refused.body).toMatchObject({
      status: 403,
      permission: close,
      detail: `The permission ${close} is missing.`,
    });

    await admin.put("/access/roles/closer", { description: "Closes tickets.", allow: [close] });
    for (const role of ["closer", "customer"]) await admin.put(`/access/users/${customer.id}/roles/${role}`);
    expect((await closeNewTicket(customer)).status).toBe(200);
    await register(helpdesk.url, "other@example.com");
  }

  using release = nextRelease();
  let url = "";
  const spy = defineModule(
    { name: "spy", version: "1.0.0" },
    {
      requires: { http: Http },
      setup({ http, lifecycle }) {
        lifecycle.onStart(() => {
          url = http.address()?.url ?? "";
        });
      },
    },
  );
  const platform = await createPlatform({
    root: release.root,
    modules: [spy],
    settings: { database, http: { port: 0, drainDelay: "0s" } },
  });
  try {
    await platform.start();
    const customer = await signIn(url, "closer@example.com", "long enough");
    expect((await closeNewTicket(customer)).status).toBe(200);
    expect((await customer.get("/access/me")).body.permissions).toContain(finish);
    const other = await closeNewTicket(await signIn(url, "other@example.com", "long enough"));
    expect(other.body).toMatchObject({ status: 403, permission: finish });
  } finally {
    await platform.stop();
    await postgres.stop();
  }
});
