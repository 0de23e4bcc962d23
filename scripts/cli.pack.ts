import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { commandsOf } from "../packages/cli/src/command-tree.ts";
import { outputShapes } from "../packages/cli/src/output/shapes/shapes.ts";
import { createProgram } from "../packages/cli/src/program.ts";
import { packAll } from "./packed.fixture.ts";
import { type Case, cases, files, withoutJson } from "./packed-cases.fixture.ts";
import { type Call, inPipe, inShell, inTerminal, type Outcome, type Running } from "./packed-cli.fixture.ts";

const nothing = { write: () => {} };
const program = createProgram({ args: [], cwd: "/", env: {}, stdout: nothing, stderr: nothing }, () => {});
const commands = commandsOf(program);
const escaped = "\u001b";

let folder: string;
let bin: string;
let call: Call;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "plinth-packed-cli-")));
  const archives = path.join(folder, "archives");
  mkdirSync(archives);
  const packed = packAll(archives);
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "empty", private: true, type: "module" }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...packed], { cwd: folder });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  bin = path.join(folder, "node_modules/.bin/platformctl");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], {
      cwd: path.join(folder, "desk"),
    });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "all");
  call = {
    cwd: path.join(folder, "desk"),
    // The Node.js of this process, and what a login gives.
    env: {
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
      HOME: path.join(folder, "home"),
    },
  };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pipe = (args: readonly string[], more: Record<string, string> = {}, cwd = call.cwd): Promise<Outcome> =>
  inPipe(bin, args, { cwd, env: { ...call.env, ...more } }).ended;

const terminal = (args: readonly string[], more: Record<string, string> = {}): Promise<Outcome> =>
  inTerminal(bin, args, { cwd: call.cwd, env: { ...call.env, ...more } }).ended;

describe.each(commands)("$name", ({ name, command }) => {
  const words = name.split(" ");

  it("shows its help: the same in a pipe and in a terminal, there with bold titles unless NO_COLOR is set", async () => {
    const [plain, forced, shown, without] = await Promise.all([
      pipe([...words, "--help"]),
      pipe([...words, "--help"], { FORCE_COLOR: "1" }),
      terminal([...words, "--help"]),
      terminal([...words, "--help"], { NO_COLOR: "1" }),
    ]);
    expect([plain.code, plain.stderr]).toEqual([0, ""]);
    expect(plain.stdout).toContain(`Usage: platformctl ${name}`);
    expect(plain.stdout).not.toContain(escaped);
    expect(forced).toEqual(plain);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain(`${escaped}[1m`);
    expect(stripVTControlCharacters(shown.stdout)).toBe(plain.stdout);
    expect(without).toEqual({ ...shown, stdout: plain.stdout });
  });

  it("refuses an option that there is none of, with 2, what was meant, and nothing on the standard output", async () => {
    const needed = command.options.flatMap(({ long, mandatory }) => (mandatory ? [long ?? "", "x"] : []));
    const { code, stdout, stderr } = await pipe([...words, ...needed, "--hepl"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/COMMAND_OPTION_UNKNOWN: there is no option --hepl\n {2}fix: Write --help instead/);
  });
});

describe("JSON", () => {
  let platform: Running | undefined;

  it("has a case for each command, and each of its shapes", () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(outputShapes).sort());
    const covered = Object.keys(cases).map((name) => name.replace(/ --.*/, ""));
    expect([...new Set([...covered, ...withoutJson])].sort()).toEqual(commands.map(({ name }) => name).sort());
  });

  describe.each(Object.entries(cases))("of %s", (name, one) => {
    const { lines, schema } = outputShapes[name as keyof typeof outputShapes];

    it.each(["pipe", "terminal"])("is what its shape says, in a %s, and nothing besides", async (way) => {
      if (one.needs === "consul") return withoutConsul(one, way);
      if (one.needs === "running platform") await runPlatform();
      const { code, stdout } = await outcomeOf(one, way);
      expect([stdout, code]).toEqual([expect.anything(), one.code ?? 0]);
      expect(stdout).not.toContain(escaped);
      const texts = lines ? stdout.trim().split("\n") : [stdout];
      for (const text of texts) expect(() => schema.parse(JSON.parse(text)), text).not.toThrow();
    });
  });

  afterAll(async () => {
    platform?.interrupt();
    await platform?.ended;
  });

  async function outcomeOf(one: Case, way: string): Promise<Outcome> {
    const args = [...one.args(way), "--json"];
    const running = way === "pipe" ? inPipe(bin, args, call) : inTerminal(bin, args, call, true);
    if (one.until !== undefined) {
      await vi.waitFor(() => expect(running.stdout()).toMatch(one.until as RegExp), { timeout: 60_000, interval: 50 });
      running.interrupt();
    }
    return running.ended;
  }

  /** What they print is held against its shape in the tests of @plinth/cli, on a real agent. */
  async function withoutConsul(one: Case, way: string): Promise<void> {
    const args = [
      ...one.args(way),
      "--driver",
      "consul",
      "--set",
      "discovery.consul.address=http://127.0.0.1:1",
      "--json",
    ];
    const { code, stdout } = await (way === "pipe" ? inPipe(bin, args, call) : inTerminal(bin, args, call, true)).ended;
    expect([code, stdout]).toEqual([1, ""]);
  }

  async function runPlatform(): Promise<void> {
    if (platform !== undefined) return;
    const started = inPipe(bin, ["start"], call);
    platform = started;
    await vi.waitFor(() => expect(started.stdout()).toContain('"msg":"ready'), { timeout: 60_000, interval: 50 });
  }
});

describe("the command line", () => {
  it("works from any folder of the platform, and knows its answer again as long as it is right", async () => {
    const list = ["modules", "list", "--json"];
    const [first, again] = [await pipe(list), await pipe(list, {}, path.join(call.cwd, "modules/tickets/migrations"))];
    expect(again).toEqual(first);
    expect(await pipe(list)).toEqual(first);
    const manifest = path.join(call.cwd, "modules/identity/module.yaml");
    const before = readFileSync(manifest, "utf8");
    onTestFinished(() => writeFileSync(manifest, before));
    writeFileSync(manifest, before.replace("1.0.0", "1.9.0"));
    expect((await pipe(list)).stdout).toContain('"version": "1.9.0"');
    writeFileSync(manifest, before.replace("1.0.0", "2.0.0"));
    expect((await pipe(["modules", "validate", "--no-database"])).code).toBe(1);
  });

  it("does without a place for its caches", async () => {
    const expected = await pipe(["modules", "list"], { PLATFORMCTL_CACHE: path.join(folder, "package.json", "no") });
    expect(expected).toMatchObject({ code: 0, stderr: "" });
    expect(await pipe(["modules", "list", "--no-cache"])).toEqual(expected);
  });

  it("ends quietly when nobody reads its output any more", async () => {
    const line = "platformctl errors --json | head -1; echo $" + "{PIPESTATUS[0]}";
    expect(await inShell(bin, line, call)).toEqual({ code: 0, stdout: "{\n0\n", stderr: "" });
  });

  it("shows no password of an address", async () => {
    const url = "postgres://me:s3cret@127.0.0.1:1/desk";
    const { code, stdout, stderr } = await pipe(["migrations", "status", "--set", `database.url=${url}`]);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain("s3cret");
    expect(stderr).toContain("fix: ");
  });

  it("leaves no half of a file when Ctrl-C comes while it writes: 20 moments", async () => {
    const root = path.join(folder, "many");
    for (let index = 0; index < 40; index += 1) {
      mkdirSync(path.join(root, `modules/m${index}`), { recursive: true });
      writeFileSync(path.join(root, `modules/m${index}/module.yaml`), `name: m${index}\nversion: 1.0.0\n`);
    }
    writeFileSync(path.join(root, "platform.yaml"), "modules: [modules/*]\n");
    const generated = () =>
      readdirSync(root, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".gen.ts"))
        .map((file) => [file, readFileSync(path.join(root, file), "utf8")] as const);
    expect((await pipe(["generate"], {}, root)).code).toBe(0);
    const whole = new Map(generated());
    expect(whole.size).toBe(41);
    for (let moment = 0; moment < 20; moment += 1) {
      for (const file of whole.keys()) rmSync(path.join(root, file), { force: true });
      const running = inPipe(bin, ["generate"], { ...call, cwd: root });
      const first = path.join(root, "modules/m0/src");
      // Between the first file and the last one, each time a little later.
      await vi.waitUntil(() => readdirSync(first).includes("module.gen.ts"), { timeout: 30_000, interval: 1 });
      for (let turn = 0; turn < moment; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      running.interrupt();
      await running.ended;
      expect(generated().filter(([file, text]) => whole.get(file) !== text)).toEqual([]);
    }
  });
});
