import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { newDatabaseFolder } from "@plinth/testing/pglite";
import { expect, test, vi } from "vitest";
import { client, signIn } from "./client.fixture.ts";
import { startHelpdesk, temporaryFolder } from "./helpdesk.fixture.ts";
import { helpdeskFolder, keepAsking, packSla, platformctl } from "./sla.fixture.ts";

/** What `platformctl status` says of a module; `undefined` for one that is not there. */
async function statusOf(root: string, name: string) {
  const { stdout } = await platformctl(root, "status", "--json");
  const { platform, modules } = JSON.parse(stdout) as {
    readonly platform: { readonly pid: number };
    readonly modules: readonly {
      readonly name: string;
      readonly source: string;
      readonly state: string;
      readonly pid: number | null;
      readonly restarts: number;
    }[];
  };
  return { host: platform.pid, module: modules.find((module) => module.name === name) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const soon = { timeout: 30_000, interval: 50 };

test("a plugin from outside is added, killed and removed while the helpdesk runs and answers all along", {
  timeout: 180_000,
}, async () => {
  using elsewhere = temporaryFolder();
  using folder = helpdeskFolder();
  const archive = packSla(elsewhere.path);
  const dataDir = path.join(elsewhere.path, "data");
  await newDatabaseFolder(dataDir);
  const settings = { PLATFORM_DATABASE__DATA_DIR: dataDir };
  const program = { cwd: folder.path, args: ["--conditions=plinth-source", "src/main.ts"] };
  await using helpdesk = await startHelpdesk(settings, program);
  const { url } = helpdesk;
  const admin = await signIn(url, "admin@helpdesk.example");
  const { body: session } = await client(url).post("/identity/sessions", {
    email: "agent@helpdesk.example",
    password: "try-the-helpdesk",
  });
  const watcher = keepAsking(url, ["/tickets", "/livez"], { authorization: `Bearer ${session.token}` });
  const customer = await signIn(url, "demo@helpdesk.example");
  const opened = await customer.post("/tickets", { subject: "Help", body: "It does not work." });
  const { reference } = opened.body;
  expect((await admin.get("/sla/targets")).status).toBe(404);

  // Before, the settings of a module that is not there would have been a mistake.
  const settingsFile = path.join(folder.path, "platform.yaml");
  const withoutSla = readFileSync(settingsFile, "utf8");
  appendFileSync(settingsFile, "sla: { checkEvery: 100ms }\n");
  const added = await platformctl(folder.path, "plugins", "add", archive);
  expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining("a process of its own") });
  const before = await statusOf(folder.path, "sla");
  expect(before.module).toMatchObject({ source: "plugin", state: "running", restarts: 0 });
  const pid = before.module?.pid ?? 0;
  expect(isAlive(pid)).toBe(true);
  expect(pid).not.toBe(before.host);
  expect(helpdesk.log()).toContain('"migrations":["0001_create_targets.sql","0002_create_clocks.sql"]');

  const { stdout: permissions } = await platformctl(folder.path, "permissions", "list");
  expect(permissions).toContain("sla.deadline.read-all");

  // Its permissions are the platform's, and guard its routes.
  expect((await admin.get("/access/me")).body.permissions).toContain("sla.target.edit");
  expect(await client(url).get("/sla/targets")).toMatchObject({ status: 401 });
  expect(await customer.put("/sla/targets/normal", { answer: "1ms", close: "1h" })).toMatchObject({
    status: 403,
    body: { permission: "sla.target.edit" },
  });
  expect((await admin.put("/sla/targets/normal", { answer: "1ms", close: "1h" })).status).toBe(200);
  await vi.waitFor(async () => {
    const { body } = await admin.get(`/sla/tickets/${reference}`);
    expect(body).toMatchObject({ priority: "normal", answer: { standing: "overdue" }, close: { standing: "waiting" } });
  }, soon);
  await vi.waitFor(
    async () => expect((await admin.get("/sla/summary")).body.missed).toEqual({ answer: 1, close: 0 }),
    soon,
  );
  expect((await admin.get("/sla/tickets/HD-NONE")).body.detail).toBe("No deadline is known of a ticket HD-NONE.");

  process.kill(pid, "SIGKILL");
  const after = await vi.waitFor(async () => {
    const { host, module } = await statusOf(folder.path, "sla");
    expect(module).toMatchObject({ state: "running", restarts: 1 });
    return { host, pid: module?.pid ?? 0 };
  }, soon);
  expect(after.pid).not.toBe(pid);
  expect(after.host).toBe(before.host);
  expect((await admin.get(`/sla/tickets/${reference}`)).body).toMatchObject({ answer: { standing: "overdue" } });

  writeFileSync(settingsFile, withoutSla);
  const removed = await platformctl(folder.path, "plugins", "remove", "sla");
  expect(removed).toMatchObject({ code: 0, stderr: "" });
  expect((await admin.get("/sla/targets")).status).toBe(404);
  const { host, module } = await statusOf(folder.path, "sla");
  expect([host, module]).toEqual([before.host, undefined]);
  await vi.waitFor(() => expect(isAlive(after.pid)).toBe(false), soon);
  expect((await admin.get("/access/me")).body.permissions).not.toContain("sla.target.edit");

  await watcher.stop();
  expect(watcher.failures).toEqual([]);
  expect(watcher.answered).toBeGreaterThan(100);
  helpdesk.signal("SIGTERM");
  expect(await helpdesk.exitCode).toBe(0);
});
