import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Outcome, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";
import type { ModuleTestResult } from "./module-tests/run-module-test.ts";
import { moduleFiles, platformFolder } from "./modules-test.fixture.ts";

const env = { PATH: process.env.PATH ?? "" };
const stop = "timeouts: { stop: 200ms }\n";

/** What is wrong with each is what its name says. `tidy` and `uses-tidy` are fine. */
const files = {
  "platform.yaml": "database: { url: 'postgres://nobody@127.0.0.1:1/none' }\ntidy: { size: 3 }\n",
  ...moduleFiles(
    "tidy",
    `  let timer;
  lifecycle.onStart(async () => {
    timer = setInterval(() => {}, 1000);
    await services.db.query("insert into things values (1)");
    process.on("SIGWINCH", quiet);
  });
  lifecycle.onStop(() => {
    clearInterval(timer);
    process.off("SIGWINCH", quiet);
  });`,
    {
      imports: 'import { Database } from "@plinth/database";\nconst quiet = () => {};',
      requires: "requires: { db: Database },",
      manifest: "migrations: ./migrations\nconfig: { properties: { size: { type: integer } } }\n",
    },
  ),
  "modules/tidy/migrations/0001_things.sql": "create table things (id int);\n",
  ...moduleFiles("uses-tidy", "", {
    manifest: "dependencies: { tidy: ^1.0.0, leaves-interval: { version: ^1.0.0, optional: true } }\n",
  }),
  ...moduleFiles("leaves-interval", "  lifecycle.onStart(() => {\n    setInterval(() => {}, 2000);\n  });"),
  ...moduleFiles("lends-timers", "  return { timers: { start: () => void setInterval(() => {}, 3000) } };", {
    imports: 'import { service } from "@plinth/module";',
    requires: 'provides: { timers: service("lends-timers.timers") },',
  }),
  ...moduleFiles("borrows-timer", "  lifecycle.onStart(async () => {\n    services.timers.start();\n  });", {
    imports: 'import { service } from "@plinth/module";',
    requires: 'requires: { timers: service("lends-timers.timers") },',
    manifest: "dependencies: { lends-timers: ^1.0.0 }\n",
  }),
  ...moduleFiles("leaves-timer", "  setTimeout(() => {}, 60_000).unref();"),
  ...moduleFiles(
    "leaves-server",
    "  lifecycle.onStart(async () => {\n    await once(createServer().listen(0), 'listening');\n  });",
    {
      imports: 'import { once } from "node:events";\nimport { createServer } from "node:net";',
    },
  ),
  ...moduleFiles("leaves-watcher", "  watch(import.meta.dirname, () => {});", {
    imports: 'import { watch } from "node:fs";',
  }),
  ...moduleFiles(
    "leaves-child",
    `  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  writeFileSync(import.meta.dirname + "/pid", String(child.pid));`,
    { imports: 'import { spawn } from "node:child_process";\nimport { writeFileSync } from "node:fs";' },
  ),
  ...moduleFiles("leaves-listener", '  process.on("SIGWINCH", () => {});'),
  ...moduleFiles(
    "leaves-connection",
    "  lifecycle.onStart(() => {\n    services.db.transaction(() => new Promise(() => {}));\n  });",
    {
      imports: 'import { Database } from "@plinth/database";',
      requires: "requires: { db: Database },",
      manifest: "migrations: ./migrations\n",
    },
  ),
  "modules/leaves-connection/migrations/0001_things.sql": "create table things (id int);\n",
  ...moduleFiles(
    "leaves-rejection",
    '  lifecycle.onStop(() => {\n    setTimeout(() => Promise.reject(new Error("too late")), 1);\n  });',
  ),
  ...moduleFiles("throws-in-start", '  lifecycle.onStart(() => {\n    throw new Error("no luck");\n  });'),
  ...moduleFiles("throws-uncritical", '  lifecycle.onStart(() => {\n    throw new Error("no luck");\n  });', {
    manifest: "critical: false\n",
  }),
  ...moduleFiles("hangs-in-start", "  lifecycle.onStart(() => new Promise(() => {}));", {
    manifest: "timeouts: { start: 200ms }\n",
  }),
  ...moduleFiles("hangs-in-stop", "  lifecycle.onStop(() => new Promise(() => {}));", { manifest: stop }),
  ...moduleFiles("is-unhealthy", '  lifecycle.onHealth(() => ({ status: "fail", message: "out of ink" }));'),
  ...moduleFiles("exits", "  lifecycle.onStart(() => process.exit(3));"),
  ...moduleFiles("is-killed", '  lifecycle.onStart(() => process.kill(process.pid, "SIGKILL"));'),
  ...moduleFiles(
    "blocks",
    `  console.log("here we go");
  writeFileSync(import.meta.dirname + "/pid", String(process.pid));
  for (;;);`,
    { imports: 'import { writeFileSync } from "node:fs";' },
  ),
  ...moduleFiles(
    "waits",
    `  writeFileSync(import.meta.dirname + "/pid", String(process.pid));
  lifecycle.onStart(() => new Promise(() => {}));`,
    { imports: 'import { writeFileSync } from "node:fs";', manifest: "timeouts: { start: 5m }\n" },
  ),
  ...moduleFiles("needs-setting", "", {
    manifest: "config: { required: [token], properties: { token: { type: string, writeOnly: true } } }\n",
  }),
};

const failing = Object.keys(files)
  .flatMap((file) => /^modules\/([^/]+)\/module\.yaml$/.exec(file)?.[1] ?? [])
  .filter((name) => !["tidy", "uses-tidy", "lends-timers", "blocks", "waits"].includes(name));

interface Report {
  readonly ok: boolean;
  readonly modules: readonly ModuleTestResult[];
}

let folder: ReturnType<typeof platformFolder>;
beforeAll(() => {
  folder = platformFolder(files);
});
afterAll(() => folder[Symbol.dispose]());

const pidFile = (module: string) => path.join(folder.root, "modules", module, "src/pid");
const pidOf = (module: string) => Number(readFileSync(pidFile(module), "utf8"));
/** A process that has ended stays in the table until its parent, perhaps a new one, looks at it. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return existsSync("/proc/self/stat") && / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}
const report = ({ stdout }: Outcome) => JSON.parse(stdout) as Report;

describe("modules test, of modules that fail", { timeout: 120_000 }, () => {
  let found: ReadonlyMap<string, ModuleTestResult>;
  let code: Outcome["code"];
  beforeAll(async () => {
    const outcome = await platformctl(["modules", "test", ...failing, "--json"], { cwd: folder.root, env });
    code = outcome.code;
    found = new Map(report(outcome).modules.map((result) => [result.module, result]));
  }, 120_000);

  test("the code is 1, and each has failed", () => {
    expect(code).toBe(1);
    expect([...found.values()].filter(({ passed }) => passed)).toEqual([]);
    expect(found.size).toBe(failing.length);
  });

  test.each<[string, string, string | undefined]>([
    ["leaves-interval", 'TEST_LEFT_BEHIND: module "leaves-interval" left a timer (every 2000 ms) behind', "5:5"],
    ["borrows-timer", 'TEST_LEFT_BEHIND: module "borrows-timer" left a timer (every 3000 ms) behind', "5:21"],
    ["leaves-timer", 'TEST_LEFT_BEHIND: module "leaves-timer" left a timer (after 60000 ms) behind', "4:3"],
    ["leaves-server", 'TEST_LEFT_BEHIND: module "leaves-server" left a server that listens behind', "6:31"],
    ["leaves-watcher", 'TEST_LEFT_BEHIND: module "leaves-watcher" left a watcher of files behind', "4:3"],
    ["leaves-child", 'TEST_LEFT_BEHIND: module "leaves-child" left a child process behind', "5:17"],
    [
      "leaves-listener",
      'TEST_LEFT_BEHIND: module "leaves-listener" left a listener on the process for "SIGWINCH" behind',
      "4:11",
    ],
    [
      "leaves-connection",
      'TEST_CONNECTION_HELD: module "leaves-connection" still held a connection to the database when everything that depends on it had stopped',
      undefined,
    ],
    [
      "leaves-rejection",
      'TEST_UNCAUGHT: nobody caught an error while module "leaves-rejection" was ending: too late',
      "5:37",
    ],
    ["throws-in-start", 'START_FAILED: module "throws-in-start" failed in start: no luck', "5:11"],
    ["throws-uncritical", 'START_FAILED: module "throws-uncritical" failed in start: no luck', "5:11"],
    ["hangs-in-start", 'START_TIMEOUT: module "hangs-in-start" did not finish start within 200 ms', undefined],
    ["hangs-in-stop", 'STOP_TIMEOUT: module "hangs-in-stop" did not stop within 200 ms', undefined],
    [
      "is-unhealthy",
      'TEST_UNHEALTHY: module "is-unhealthy" started, but its health check failed: out of ink',
      undefined,
    ],
    ["exits", 'TEST_EXITED: module "exits" ended the process with code 3 while it was starting', "4:35"],
    [
      "is-killed",
      'TEST_DIED: the process of module "is-killed" died of the signal SIGKILL while it was starting',
      undefined,
    ],
  ])("%s", (module, message, place) => {
    const { problems = [] } = found.get(module) ?? {};
    expect(problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([message]);
    const [at] = problems[0]?.at.filter(({ line }) => line !== undefined) ?? [];
    expect(at && `${path.relative(folder.root, at.file)}:${at.line}:${at.column}`).toBe(
      place && `modules/${module}/src/index.ts:${place}`,
    );
  });

  test("a child process that was left behind is ended with the test", () => {
    expect(isGone(pidOf("leaves-child"))).toBe(true);
  });

  test("a setting that is needed is named", () => {
    const { problems = [] } = found.get("needs-setting") ?? {};
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining("needs-setting.token")]);
  });
});

test("modules that are fine pass, each with what it needs and no more", { timeout: 60_000 }, async () => {
  const outcome = await spawnPlatformctl(["modules", "test", "tidy", "uses-tidy", "--json"], { cwd: folder.root, env })
    .ended;
  expect([outcome.code, outcome.stderr]).toEqual([0, ""]);
  const { ok, modules } = report(outcome);
  expect(ok).toBe(true);
  expect(modules.map(({ module, passed, problems, notes }) => ({ module, passed, problems, notes }))).toEqual([
    { module: "tidy", passed: true, problems: [], notes: [] },
    { module: "uses-tidy", passed: true, problems: [], notes: [] },
  ]);
  expect(
    modules.every(({ startMs, stopMs, totalMs }) => Number(startMs) >= 0 && Number(stopMs) >= 0 && totalMs > 0),
  ).toBe(true);
});

test("what an optional dependency leaves behind is a note", { timeout: 60_000 }, async () => {
  const args = ["modules", "test", "uses-tidy", "--with-optional"];
  const outcome = await platformctl([...args, "--json"], { cwd: folder.root, env });
  expect([outcome.code, outcome.stderr]).toEqual([0, ""]);
  expect(report(outcome).modules.map(({ notes }) => notes)).toEqual([
    ['module "leaves-interval" left a timer (every 2000 ms) behind'],
  ]);
});

test("on a terminal there is progress, a table with places, and a sum", { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await platformctl(["modules", "test", "leaves-interval", "uses-tidy"], {
    cwd: path.join(folder.root, "modules"),
    env: { ...env, NO_COLOR: "1" },
    terminal: true,
  });
  expect(code).toBe(1);
  expect(
    stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, "  ").replace(/\d+(\.\d+)? (m?s)\b/g, "N $2")),
  ).toEqual([
    "leaves-interval/src/index.ts:5:5",
    '  TEST_LEFT_BEHIND: module "leaves-interval" left a timer (every N ms) behind',
    "  fix: Keep what setInterval returns, and hand it to clearInterval in a stop hook.",
    "",
    "MODULE  RESULT  START  STOP  FOUND",
    "leaves-interval  failed  N ms  N ms  TEST_LEFT_BEHIND leaves-interval/src/index.ts:5",
    "uses-tidy  passed  N ms  N ms  -",
    "",
    "1 module failed, 1 module passed in N s",
    "",
  ]);
  expect(stderr).toContain("0/2");
  expect(stderr.endsWith("\r\u001b[2K")).toBe(true);
});

test("a module that blocks is ended at its limit, with the last that it printed", { timeout: 60_000 }, async () => {
  const args = ["modules", "test", "blocks", "--timeout", "3s"];
  const { code, stdout } = await platformctl(args, { cwd: folder.root, env });
  expect(code).toBe(1);
  expect(stdout).toContain('TEST_TIMEOUT: module "blocks" was still starting after 3 s\n');
  expect(stdout).toContain("  | here we go\n");
});

test("Ctrl-C ends what is running and leaves nothing", { timeout: 60_000 }, async () => {
  const TMPDIR = path.join(folder.root, "tmp");
  mkdirSync(TMPDIR);
  rmSync(pidFile("blocks"), { force: true });
  const { process: running, ended } = spawnPlatformctl(["modules", "test", "blocks", "--json"], {
    cwd: folder.root,
    env: { ...env, TMPDIR },
  });
  await vi.waitFor(() => expect(pidOf("blocks")).toBeGreaterThan(0), { timeout: 30_000 });
  running.kill("SIGINT");
  const outcome = await ended;
  expect(outcome.code).toBe(1);
  expect(report(outcome).modules[0]?.problems.map(({ code }) => code)).toEqual(["TEST_INTERRUPTED"]);
  expect(isGone(pidOf("blocks"))).toBe(true);
  expect(readdirSync(TMPDIR).filter((name) => name.startsWith("plinth-"))).toEqual([]);
});

test("a test whose parent was killed ends too", { timeout: 60_000 }, async () => {
  const { process: running } = spawnPlatformctl(["modules", "test", "waits"], {
    cwd: folder.root,
    env: { ...env, TMPDIR: folder.root },
  });
  await vi.waitFor(() => expect(pidOf("waits")).toBeGreaterThan(0), { timeout: 30_000 });
  running.kill("SIGKILL");
  await vi.waitFor(() => expect(isGone(pidOf("waits"))).toBe(true), { timeout: 30_000 });
});

test.each([
  [["blokcs"], 'COMMAND_MODULE_UNKNOWN: there is no module "blokcs"'],
  [["http"], 'COMMAND_MODULE_UNKNOWN: there is no module "http"'],
  [["--jobs", "0"], "It must be a whole number from 1"],
  [["--timeout", "1"], "It must be a duration"],
])("%j is a mistake of the command line", async (args, message) => {
  const { code, stdout, stderr } = await platformctl(["modules", "test", ...args], { cwd: folder.root, env });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});
