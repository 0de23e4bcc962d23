import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { newDatabaseFolder } from "@plinth/testing/pglite";
import { expect, test } from "vitest";
import { client, signIn } from "./client.fixture.ts";
import { startHelpdesk, temporaryFolder } from "./helpdesk.fixture.ts";
import { helpdeskFolder, packSla, platformctl } from "./sla.fixture.ts";

/** All folders from this one upwards. */
function upwards(folder: string): readonly string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}

/** Makes the bundle in a folder that has nothing else but the platform's settings. */
function bundleIn(folder: string): void {
  const script = path.join(import.meta.dirname, "bundle.ts");
  const made = spawnSync(process.execPath, ["--conditions=plinth-source", script, path.join(folder, "dist")], {
    encoding: "utf8",
  });
  expect(made).toMatchObject({ status: 0, stderr: "" });
  copyFileSync(path.join(import.meta.dirname, "platform.yaml"), path.join(folder, "platform.yaml"));
}

test("as one bundled file it runs where there are no packages, migrates, and keeps its data", {
  timeout: 180_000,
}, async () => {
  using folder = temporaryFolder();
  bundleIn(folder.path);
  expect(upwards(folder.path).filter((each) => existsSync(path.join(each, "node_modules")))).toEqual([]);
  expect(readdirSync(folder.path).sort()).toEqual(["dist", "platform.yaml"]);
  expect(readdirSync(path.join(folder.path, "dist")).filter((name) => name.endsWith("js"))).toEqual(["helpdesk.mjs"]);

  const bundled = { cwd: folder.path, args: ["dist/helpdesk.mjs"] };
  let token: string;
  let reference: string;
  {
    await using helpdesk = await startHelpdesk({}, bundled);
    expect(helpdesk.log()).toContain('"0003_give_references.ts"');
    const credentials = { email: "ann@example.com", password: "a password of hers" };
    await client(helpdesk.url).post("/identity/users", { ...credentials, name: "Ann" });
    token = (await client(helpdesk.url).post("/identity/sessions", credentials)).body.token;
    const opened = await client(helpdesk.url, token).post("/tickets", { subject: "Help", body: "It does not work." });
    expect(opened.status).toBe(201);
    reference = opened.body.reference;
    helpdesk.signal("SIGTERM");
    expect(await helpdesk.exitCode).toBe(0);
  }
  {
    await using helpdesk = await startHelpdesk({}, bundled);
    const { status, body } = await client(helpdesk.url, token).get(`/tickets/${reference}`);
    expect([status, body.subject]).toEqual([200, "Help"]);
    expect(helpdesk.log()).not.toContain('"msg":"migrated ');
    helpdesk.signal("SIGTERM");
    expect(await helpdesk.exitCode).toBe(0);
  }
  // What the bundle has applied is, to the program in its folders, the same.
  const settings = { PLATFORM_DATABASE__DATA_DIR: path.join(folder.path, ".data/database") };
  await using helpdesk = await startHelpdesk(settings);
  expect(helpdesk.log()).not.toContain('"msg":"migrated ');
  expect((await (await signIn(helpdesk.url, "agent@helpdesk.example")).get(`/tickets/${reference}`)).status).toBe(200);
});

test("the bundle runs a plugin in a process of its own, with what lies beside it", { timeout: 180_000 }, async () => {
  using folder = temporaryFolder();
  using elsewhere = temporaryFolder();
  using installing = helpdeskFolder();
  bundleIn(folder.path);
  expect((await platformctl(installing.path, "plugins", "add", packSla(elsewhere.path))).code).toBe(0);
  for (const name of ["plugins", "plugins.lock"]) {
    cpSync(path.join(installing.path, name), path.join(folder.path, name), { recursive: true });
  }
  const dataDir = path.join(folder.path, ".data/database");
  await newDatabaseFolder(dataDir);
  await using helpdesk = await startHelpdesk({}, { cwd: folder.path, args: ["dist/helpdesk.mjs"] });
  const admin = await signIn(helpdesk.url, "admin@helpdesk.example");
  expect((await admin.get("/sla/targets")).body.items).toHaveLength(4);
  expect((await admin.put("/sla/targets/normal", { answer: "1h", close: "0.1ms" })).status).toBe(400);
  expect((await admin.get("/access/me")).body.permissions).toContain("sla.target.edit");
  helpdesk.signal("SIGTERM");
  expect(await helpdesk.exitCode).toBe(0);
});
