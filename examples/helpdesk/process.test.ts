import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { client, signIn } from "./client.fixture.ts";
import { startHelpdesk, temporaryFolder } from "./helpdesk.fixture.ts";

/** The status of a path, asked for again and again until it changes; `refused` once nobody listens. */
async function nextStatus(url: string, before: number): Promise<number | "refused"> {
  for (;;) {
    try {
      const { status } = await fetch(url);
      if (status !== before) return status;
    } catch {
      return "refused";
    }
    await pause(10);
  }
}

test("it starts, drains on SIGTERM, ends with 0, and a second start keeps the data", { timeout: 180_000 }, async () => {
  using folder = temporaryFolder();
  const settings = { PLATFORM_DATABASE__DATA_DIR: path.join(folder.path, "data"), PLATFORM_HTTP__DRAIN_DELAY: "2s" };
  let token: string;
  let reference: string;
  {
    await using helpdesk = await startHelpdesk(settings);
    const { url } = helpdesk;
    const credentials = { email: "ann@example.com", password: "a password of hers" };
    await client(url).post("/identity/users", { ...credentials, name: "Ann" });
    token = (await client(url).post("/identity/sessions", credentials)).body.token;
    const opened = await client(url, token).post("/tickets", { subject: "Help", body: "It does not work." });
    reference = opened.body.reference;

    helpdesk.signal("SIGTERM");
    expect(await nextStatus(`${url}/readyz`, 200)).toBe(503);
    expect((await client(url).get("/livez")).status).toBe(200);
    expect((await client(url, token).get(`/tickets/${reference}`)).status).toBe(200);
    expect(await nextStatus(`${url}/readyz`, 503)).toBe("refused");
    expect(await helpdesk.exitCode).toBe(0);
  }
  {
    await using helpdesk = await startHelpdesk(settings);
    const { status, body } = await client(helpdesk.url, token).get(`/tickets/${reference}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ subject: "Help", customer: { name: "Ann" } });
    expect((await signIn(helpdesk.url, "agent@helpdesk.example")).get).toBeTypeOf("function");
    expect(helpdesk.log()).not.toContain('"msg":"migrated ');
    helpdesk.signal("SIGINT");
    expect(await helpdesk.exitCode).toBe(0);
  }
});
