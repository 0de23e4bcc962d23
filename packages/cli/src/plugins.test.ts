import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";
import { answering, answerOf, startPlatform, urlOf } from "./control/running.fixture.ts";
import { run } from "./run.ts";

const desk = {
  "desk/platform.yaml":
    "name: desk\nmodules: [modules/*]\nhttp: { port: 0, drainDelay: 0s }\ndatabase: { dataDir: memory:// }\n",
  "desk/modules/tickets/module.yaml": "name: tickets\nversion: 1.4.0\n",
};

/** The folder of a plugin. */
const sla = (version = "1.0.0", more = "", code = answering(`sla ${version}`)) => ({
  "sla/module.yaml": `name: sla\nversion: ${version}\ndescription: Deadlines for tickets.\nmain: index.mjs\n${more}`,
  "sla/index.mjs": code,
});
const asking = "isolation: { mode: process, rights: { network: true, env: [SLA_TOKEN] } }\n";

/** A platform, and the plugin beside it; what is asked of platformctl is asked in the platform's folder. */
function office(more: Readonly<Record<string, string>> = {}) {
  const folder = folderWith({ ...desk, ...sla(), ...more });
  const root = path.join(folder, "desk");
  const ctl = (...args: string[]) => platformctl(args, { cwd: root, env: process.env });
  const json = async (...args: string[]) => JSON.parse((await ctl(...args, "--json")).stdout);
  return { folder, root, ctl, json };
}

const lockOf = (root: string) => readFileSync(path.join(root, "plugins.lock"), "utf8");

test("a plugin goes the whole way: packed, signed, added, looked at, tampered with, removed", async () => {
  const { root, folder, ctl, json } = office();
  const keygen = await ctl("plugins", "keygen", "../acme.pem");
  expect(keygen).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[\w+/]{43}=\n$/) });
  expect(statSync(path.join(folder, "acme.pem")).mode & 0o777).toBe(0o600);
  const again = await ctl("plugins", "keygen", "../acme.pem");
  expect([again.code, again.stdout]).toEqual([2, ""]);
  expect(again.stderr).toContain("PLUGIN_KEY_EXISTS");
  const key = keygen.stdout.trim();
  writeFileSync(path.join(root, "platform.yaml"), `plugins: { signatures: required, trustedKeys: [${key}] }\n`);

  expect(await ctl("plugins", "pack", "../sla")).toMatchObject({ code: 0, stdout: "sla-1.0.0.tgz\n" });
  const unsigned = await ctl("plugins", "add", "sla-1.0.0.tgz");
  expect([unsigned.code, unsigned.stdout]).toEqual([1, ""]);
  expect(unsigned.stderr).toContain('PLUGIN_SIGNATURE_MISSING: the plugin "sla" is not signed');
  expect(existsSync(path.join(root, "plugins.lock"))).toBe(false);
  const signed = await json("plugins", "sign", "sla-1.0.0.tgz", "--key", "../acme.pem");
  expect(signed.plugin).toMatchObject({ name: "sla", version: "1.0.0", signedBy: key });
  const packed = await json("plugins", "pack", "../sla", "--key", "../acme.pem", "--out", "other.tgz");
  expect(readFileSync(packed.file).equals(readFileSync(path.join(root, "sla-1.0.0.tgz")))).toBe(true);

  const added = await ctl("plugins", "add", "sla-1.0.0.tgz");
  expect([added.code, added.stdout]).toEqual([0, "installed sla 1.0.0\n"]);
  expect(added.stderr).toContain("a process of its own");
  expect((await ctl("plugins", "list")).stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
    ["NAME", "VERSION", "STATE", "RUNS IN", "MAY", "SIGNED BY"],
    ["sla", "1.0.0", "ok", "own process", "-", `${key.slice(0, 12)}...`],
    [""],
  ]);
  expect((await json("plugins", "list")).plugins).toMatchObject([
    { name: "sla", state: "ok", trusted: true, runsIn: "process" },
  ]);
  const shown = await ctl("plugins", "show", "sla");
  expect(shown.code).toBe(0);
  for (const text of ["Deadlines for tickets.", "archive sla-1.0.0.tgz", key, "  index.mjs\n", "  plinth.sig\n"]) {
    expect(shown.stdout).toContain(text);
  }
  expect((await json("modules", "list")).modules).toContainEqual(
    expect.objectContaining({ name: "sla", source: "plugin" }),
  );
  expect(await ctl("plugins", "verify")).toMatchObject({ code: 0, stdout: "1 plugin, 3 files, no problems\n" });

  writeFileSync(path.join(root, "plugins/sla@1.0.0/index.mjs"), "evil");
  const tampered = await ctl("plugins", "verify");
  expect(tampered.code).toBe(1);
  expect(tampered.stdout).toContain(
    'PLUGIN_FILE_CHANGED: the file index.mjs of the plugin "sla" is not the one that was installed',
  );
  expect(await json("plugins", "verify")).toMatchObject({ ok: false, plugins: 1, files: 3 });
  expect((await json("plugins", "list")).plugins[0].state).toBe("tampered");
  expect(await ctl("plugins", "show", "sla")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("PLUGIN_FILE_CHANGED"),
  });
  expect((await json("plugins", "show", "sla")).problems).toHaveLength(1);

  expect(await ctl("plugins", "restore")).toMatchObject({ code: 0, stdout: "restored sla 1.0.0\n" });
  expect(await json("plugins", "restore")).toMatchObject({ ok: true, restored: [] });
  expect((await ctl("plugins", "verify")).code).toBe(0);
  const removed = await ctl("plugins", "remove", "sla");
  expect([removed.code, removed.stdout]).toEqual([0, "removed sla 1.0.0\n"]);
  expect(readdirSync(path.join(root, "plugins"))).toEqual([]);
  expect(await ctl("plugins", "list")).toMatchObject({ code: 0, stdout: "", stderr: "no plugins are installed\n" });
});

test("what asks for rights is installed only when somebody agrees, and gets what is granted", async () => {
  const { root, ctl, json } = office(sla("1.0.0", asking));
  const alone = await ctl("plugins", "add", "../sla");
  expect([alone.code, alone.stdout, existsSync(path.join(root, "plugins.lock"))]).toEqual([2, "", false]);
  expect(alone.stderr).toContain("network, env=SLA_TOKEN");
  expect(alone.stderr).toContain("PLUGIN_NOT_CONFIRMED");
  const added = await json("plugins", "add", "../sla", "--yes");
  expect(added).toMatchObject({ ok: true, changed: true, replaced: null, running: null });
  expect(added.plugin.rights).toEqual(["network", "env=SLA_TOKEN"]);
  // Less needs no agreement.
  expect((await json("plugins", "add", "../sla", "--grant", "none")).plugin.rights).toEqual([]);
  expect((await ctl("plugins", "add", "../sla", "--grant", "read=/etc/ssl")).stderr).toContain("PLUGIN_NOT_CONFIRMED");
  const granted = await json("plugins", "add", "../sla", "--grant", "read=/etc/ssl", "--grant", "workers", "--yes");
  expect(granted.plugin.rights).toEqual(["workers", "read=/etc/ssl"]);
  expect((await json("plugins", "add", "../sla", "--grant", "read=/etc/ssl", "--grant", "workers")).changed).toBe(
    false,
  );
  const wrong = await ctl("plugins", "add", "../sla", "--grant", "root");
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('PLUGIN_RIGHT_UNKNOWN: "root" is no right')]);
});

test.each([
  ["y\n", 0, true],
  ["n\n", 1, false],
  ["\n", 1, false],
])("on a terminal somebody is asked, and %j is taken at their word", async (answer, expected, isInstalled) => {
  const { root } = office(sla("1.0.0", asking));
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr") => ({
    isTTY: true,
    write: (text: string) => {
      written[name] += text;
      if (text.includes("[y/N]")) stdin.write(answer);
    },
  });
  const streams = { stdin, stdout: output("stdout"), stderr: output("stderr") };
  const code = await run({ args: ["plugins", "add", "../sla"], cwd: root, env: process.env, ...streams });
  expect(code).toBe(expected);
  expect(written.stderr).toContain("Install it? [y/N]");
  expect(existsSync(path.join(root, "plugins.lock"))).toBe(isInstalled);
});

test("where it runs in the platform's own process somebody must agree to everything", async () => {
  const { ctl } = office({ "desk/platform.yaml": "isolation: { inProcess: [sla] }\n" });
  const { code, stderr } = await ctl("plugins", "add", "../sla");
  expect(code).toBe(2);
  expect(stderr).toContain("the platform's own process, where it can do whatever the platform can");
  expect((await ctl("plugins", "add", "../sla", "--yes")).code).toBe(0);
});

test("what does not fit is refused with everything that is wrong, and nothing is changed", async () => {
  const misfit = "platform: ^2.0.0\ndependencies: { tickets: ^2.0.0, identity: ^1.0.0 }\n";
  const { root, ctl } = office(sla("1.0.0", misfit));
  const { code, stdout, stderr } = await ctl("plugins", "add", "../sla");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain('GRAPH_HOST_VERSION: module "sla" works with platform ^2.0.0, but this platform is 1.0.0');
  expect(stderr).toContain('GRAPH_VERSION: module "tickets" is at 1.4.0, but "sla" needs ^2.0.0');
  expect(stderr).toContain('GRAPH_MISSING: there is no module "identity"');
  expect(readdirSync(root).sort()).toEqual(["modules", "platform.yaml"]);
  const nothing = await ctl("plugins", "add", "../nowhere");
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining("PLUGIN_SOURCE_MISSING")]);
  const unknown = await ctl("plugins", "show", "sla");
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("PLUGIN_UNKNOWN")]);
});

test("a newer version takes the place of an older one; back needs force", async () => {
  const { root, folder, ctl } = office();
  await ctl("plugins", "add", "../sla");
  const next = folderWith(sla("1.1.0"));
  expect((await ctl("plugins", "add", path.join(next, "sla"))).stdout).toBe("installed sla 1.1.0, in place of 1.0.0\n");
  const before = lockOf(root);
  const back = await ctl("plugins", "add", path.join(folder, "sla"));
  expect([back.code, back.stderr]).toEqual([1, expect.stringContaining("PLUGIN_INSTALLED")]);
  expect(lockOf(root)).toBe(before);
  expect((await ctl("plugins", "add", path.join(folder, "sla"), "--force")).code).toBe(0);
  expect(readdirSync(path.join(root, "plugins"))).toEqual(["sla@1.0.0"]);
});

test("a plugin that others need, or that has settings, does not go unnoticed", async () => {
  const { ctl, json } = office({
    "desk/modules/reports/module.yaml": "name: reports\nversion: 1.0.0\ndependencies: { sla: ^1.0.0 }\n",
  });
  await ctl("plugins", "add", "../sla");
  const needed = await ctl("plugins", "remove", "sla");
  expect([needed.code, needed.stderr]).toEqual([
    1,
    expect.stringContaining('PLUGIN_NEEDED: the plugin "sla" is needed by reports'),
  ]);
  const forced = await json("plugins", "remove", "sla", "--force");
  expect(forced).toMatchObject({ ok: false, removed: "1.0.0", problems: [{ code: "GRAPH_MISSING" }] });
});

test("a plugin whose settings are missing is installed, and what is left to mend is said", async () => {
  const { root, ctl, json } = office(
    sla("1.0.0", "config: { required: [token], properties: { token: { type: string } } }\n"),
  );
  const added = await ctl("plugins", "add", "../sla");
  expect([added.code, added.stdout]).toEqual([1, "installed sla 1.0.0\n"]);
  expect(added.stderr).toContain("before the platform can start, this has to be mended:");
  expect(added.stderr).toContain('SETTINGS_MISSING: the setting "sla.token" is missing');
  writeFileSync(path.join(root, "platform.yaml"), "sla: { token: abc }\n");
  expect((await ctl("modules", "validate")).code).toBe(0);
  const removed = await json("plugins", "remove", "sla");
  expect(removed).toMatchObject({ ok: false, removed: "1.0.0", problems: [{ code: "SETTINGS_UNKNOWN_MODULE" }] });
});

test("a running platform takes a plugin in, exchanges it and lets it go", async () => {
  const { root, folder, ctl, json } = office();
  const running = await startPlatform(root);
  const url = await urlOf(root);
  const added = await ctl("plugins", "add", "../sla", "--yes");
  expect(added).toMatchObject({ code: 0, stderr: expect.any(String) });
  expect(added.stdout).toMatch(/^installed sla 1\.0\.0\nthe running platform started sla \(\d+ ms\)\n$/);
  expect(await answerOf(url, "sla")).toBe("sla 1.0.0");

  const next = folderWith(sla("1.1.0"));
  const exchanged = await json("plugins", "add", path.join(next, "sla"));
  expect(exchanged).toMatchObject({ ok: true, replaced: "1.0.0", running: { reloaded: ["sla"] } });
  expect(await answerOf(url, "sla")).toBe("sla 1.1.0");

  const broken = folderWith(sla("1.2.0", "", "throw new Error('not today');\n"));
  const refused = await ctl("plugins", "add", path.join(broken, "sla"));
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("not today");
  expect(refused.stderr).toContain("the running platform goes on as it was");
  expect(await answerOf(url, "sla")).toBe("sla 1.1.0");

  await ctl("plugins", "add", path.join(folder, "sla"), "--force");
  expect((await ctl("plugins", "remove", "sla")).stdout).toMatch(
    /^removed sla 1\.0\.0\nthe running platform stopped sla /,
  );
  expect((await fetch(`${url}/sla`)).status).toBe(404);
  running.process.kill("SIGTERM");
  expect((await running.ended).code).toBe(0);
  expect(readdirSync(path.join(root, ".data/plugins"))).toEqual([]);
}, 60_000);

test("doctor looks at the plugins too", async () => {
  const { root, ctl, json } = office();
  const check = async () => {
    const { checks } = await json("doctor");
    return checks.find(({ name }: { readonly name: string }) => name === "plugins");
  };
  await ctl("plugins", "add", "../sla");
  expect(await check()).toMatchObject({
    status: "ok",
    message: "1 plugin as installed, 1 not signed by a trusted key",
  });
  writeFileSync(path.join(root, "plugins/sla@1.0.0/more.mjs"), "evil");
  expect(await check()).toMatchObject({ status: "problem", problems: [{ code: "PLUGIN_FILE_ADDED" }] });
  writeFileSync(path.join(root, "plugins.lock"), "{}");
  expect(await check()).toMatchObject({ message: "cannot be looked at", problems: [{ code: "PLUGIN_LOCK_INVALID" }] });
  for (const args of [["list"], ["verify"], ["add", "../sla"], ["remove", "sla"]]) {
    expect(await ctl("plugins", ...args)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("PLUGIN_LOCK_INVALID"),
    });
  }
});

test("the names of installed plugins are completed", async () => {
  const { ctl } = office();
  await ctl("plugins", "add", "../sla");
  expect((await ctl("complete", "--", "plugins", "remove", "s")).stdout).toMatch(/^sla\b/);
});

test("a platform with a tampered plugin does not start, and says which file", async () => {
  const { root, ctl } = office();
  await ctl("plugins", "add", "../sla");
  writeFileSync(path.join(root, "plugins/sla@1.0.0/index.mjs"), "process.exit(0);\n");
  const { code, stderr, stdout } = await spawnPlatformctl(["start", "-C", root]).ended;
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain('PLUGIN_FILE_CHANGED: the file index.mjs of the plugin "sla"');
});
