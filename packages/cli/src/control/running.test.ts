import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { platformctl, spawnPlatformctl } from "../command-line.fixture.ts";
import { run } from "../run.ts";
import { answering, answerOf, edit, startPlatform, threeModules, urlOf, waiting } from "./running.fixture.ts";

test("where no platform runs, every command about a running one says so with its mend, and ends with 1", async () => {
  const root = threeModules();
  for (const args of [["status"], ["modules", "list", "--live"], ["modules", "restart", "desk"]]) {
    const { code, stdout, stderr } = await platformctl([...args, "-C", root]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`CONTROL_NOT_RUNNING: no platform is running in "${root}"`);
    expect(stderr).toContain("fix: Start it with platformctl start");
    const asJson = await platformctl([...args, "--json", "-C", root]);
    expect([asJson.code, asJson.stderr]).toEqual([1, ""]);
    expect(JSON.parse(asJson.stdout).problems).toMatchObject([{ code: "CONTROL_NOT_RUNNING" }]);
  }
});

test("a platform that runs is shown from any of its folders, with state, address, start and modules", async () => {
  const root = threeModules();
  const running = await startPlatform(root);
  const { code, stdout, stderr } = await platformctl(["status"], { cwd: path.join(root, "modules/desk/src") });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^office {2}running for \d+ s, \d+ modules\nhttp:\/\/127\.0\.0\.1:\d+ {2}process \d+, API /);
  expect(stdout).toMatch(/started in \d.*: .*desk \d+ ms/);
  expect(stdout).toMatch(/^desk +2\.1\.0 +running +pass +\d+ s +\d+ ms \* +-$/m);
  const live = await platformctl(["modules", "list", "--live", "-C", root]);
  expect(live.code).toBe(0);
  expect(live.stdout).toMatch(/^MODULE +VERSION +STATE +HEALTH +FOR +START +RESTARTS\n/);
  const status = JSON.parse((await platformctl(["status", "--json", "-C", root])).stdout);
  expect(status).toMatchObject({ ok: true, root, platform: { name: "office", pid: running.process.pid } });
  expect(status.platform.start.criticalPath.at(-1).module).toBe("desk");
});

test("one that was killed is not running, and the next one is found in its place", async () => {
  const root = threeModules();
  const killed = await startPlatform(root);
  killed.process.kill("SIGKILL");
  await killed.ended;
  expect(existsSync(path.join(root, ".data/control/control.sock"))).toBe(true);
  expect((await platformctl(["status", "-C", root])).stderr).toContain("CONTROL_NOT_RUNNING");
  const next = await startPlatform(root);
  const { platform } = JSON.parse((await platformctl(["status", "--json", "-C", root])).stdout);
  expect(platform.pid).toBe(next.process.pid);
  next.process.kill("SIGTERM");
  expect((await next.ended).code).toBe(0);
  expect(existsSync(path.join(root, ".data/control/control.sock"))).toBe(false);
});

test("control: off leaves a platform without a socket", async () => {
  const root = threeModules();
  const running = spawnPlatformctl(["start", "-C", root, "--set", "control=off", "--set", "log.format=json"]);
  await vi.waitFor(() => expect(running.stdout()).toContain("ready: "), waiting);
  expect((await platformctl(["status", "-C", root])).stderr).toContain("CONTROL_NOT_RUNNING");
  expect(existsSync(path.join(root, ".data/control"))).toBe(false);
});

test("a platform without one of its modules is degraded: the root cause stands there once, and the code is 1", async () => {
  const root = threeModules({
    "modules/lamp/src/index.ts": answering("", 'lifecycle.onStart(() => { throw new Error("no bulb"); });'),
    "modules/shade/module.yaml": "name: shade\nversion: 1.0.0\ncritical: false\ndependencies: { lamp: ^1.0.0 }\n",
  });
  await startPlatform(root, "degraded");
  const { code, stdout } = await platformctl(["status", "-C", root]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^office {2}degraded for \d+ s, \d+ of \d+ modules\n/);
  expect(stdout).toMatch(/^shade +1\.0\.0 +skipped for lamp +- /m);
  expect(stdout).toMatch(
    /\nlamp\n {2}START_FAILED: module "lamp" failed in start: no bulb\n {2}fix: .*\n {2}skipped for it: shade\n$/,
  );
  expect(stdout.match(/no bulb/g)).toHaveLength(1);
  expect((await platformctl(["modules", "list", "--live", "-C", root])).code).toBe(1);
});

test("a restart takes the code of now, and what depends on the module with it; the others go on", async () => {
  const root = threeModules();
  await startPlatform(root);
  const url = await urlOf(root);
  edit(root, "clock", answering("midnight"));
  const { code, stdout, stderr } = await platformctl(["modules", "restart", "clock", "-C", root]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^restarted clock in \d.*s\nwith what depends on it: desk\n$/);
  expect(await answerOf(url, "clock")).toBe("midnight");
  const asJson = await platformctl(["modules", "restart", "clock", "--json", "-C", root]);
  expect(JSON.parse(asJson.stdout)).toMatchObject({
    ok: true,
    module: "clock",
    reloaded: ["clock"],
    restarted: ["desk"],
  });
});

test("a restart that fails says why, and that the module goes on as before", async () => {
  const root = threeModules();
  await startPlatform(root);
  const url = await urlOf(root);
  edit(root, "desk", answering("nothing", 'lifecycle.onStart(() => { throw new Error("no legs"); });'));
  const { code, stdout, stderr } = await platformctl(["modules", "restart", "desk", "-C", root]);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain('START_FAILED: module "desk" failed in start: no legs');
  expect(stderr).toContain("\ndesk goes on as it was before\n");
  expect(await answerOf(url, "desk")).toBe("paper");
  const asJson = await platformctl(["modules", "restart", "desk", "--json", "-C", root]);
  expect([asJson.code, JSON.parse(asJson.stdout)]).toMatchObject([1, { ok: false, reloaded: [], durationMs: null }]);
});

test("on a terminal, a restart shows what modules do while it goes on", async () => {
  const root = threeModules();
  await startPlatform(root);
  const { code, stdout, stderr } = await platformctl(["modules", "restart", "clock", "-C", root], { terminal: true });
  expect(code).toBe(0);
  expect(stdout).toContain("\u001b[32mrestarted\u001b[39m \u001b[1mclock\u001b[22m in ");
  expect(stderr).toContain("desk stopping");
  expect(stderr.indexOf("clock running")).toBeGreaterThan(stderr.indexOf("desk stopping"));
  expect(stderr.endsWith("\r\u001b[K")).toBe(true);
});

test("a module that is not there is refused with the nearest name; names are completed", async () => {
  const root = threeModules();
  await startPlatform(root);
  const { code, stderr } = await platformctl(["modules", "restart", "dsk", "-C", root]);
  expect(code).toBe(1);
  expect(stderr).toContain('CONTROL_MODULE: the running platform has no module "dsk"\n  fix: Write desk instead.');
  const completed = await platformctl(["complete", "--", "-C", root, "modules", "restart", "cl"]);
  expect(completed.stdout).toContain("clock\tTells the time.\n");
});

test("in a pipe, status --watch prints a line for each change, from before the start to after the end", async () => {
  const root = threeModules();
  const watching = spawnPlatformctl(["status", "--watch", "-C", root]);
  const lines = () =>
    watching
      .stdout()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  await vi.waitFor(() => expect(lines().at(-1)).toMatchObject({ ok: false, platform: null }), waiting);
  const running = await startPlatform(root);
  await vi.waitFor(() => expect(lines().at(-1)).toMatchObject({ ok: true, platform: { state: "running" } }), waiting);
  await platformctl(["modules", "restart", "lamp", "-C", root]);
  running.process.kill("SIGTERM");
  await running.ended;
  await vi.waitFor(() => expect(lines().at(-1)).toMatchObject({ ok: false, platform: null }), waiting);
  watching.process.kill("SIGINT");
  expect((await watching.ended).code).toBe(0);
  const texts = lines().map((line) => JSON.stringify(line));
  expect(texts.filter((text, index) => text === texts[index - 1])).toEqual([]);
});

test("on a terminal, status --watch redraws one screen until Ctrl-C", async () => {
  const root = threeModules();
  await startPlatform(root);
  let screen = "";
  const write = (text: string) => {
    screen += text;
  };
  let interrupt = () => {};
  const code = run({
    args: ["status", "--watch", "-C", root],
    cwd: root,
    env: {},
    stdout: { isTTY: true, columns: 100, rows: 40, write },
    stderr: { write },
    onSignal(listener) {
      interrupt = () => listener("SIGINT");
      return () => {};
    },
  });
  await vi.waitFor(() => expect(screen.split("\u001b[H").length).toBeGreaterThan(2), waiting);
  interrupt();
  expect(await code).toBe(0);
  expect(screen).toContain("\u001b[1moffice\u001b[22m  \u001b[32mrunning\u001b[39m for ");
  expect(screen).toContain("Ctrl-C ends");
});
