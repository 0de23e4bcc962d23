import path from "node:path";
import { expect, test, vi } from "vitest";
import { platformctl } from "../command-line.fixture.ts";
import { answering, waiting } from "../control/running.fixture.ts";
import { Development } from "./dev.fixture.ts";

const source = (module: string) => `modules/${module}/src/index.ts`;
const manifest = (name: string, more = "") => `name: ${name}\nversion: 1.0.0\n${more}`;

test("an edit is served without a restart, also one that is saved by renaming, and the rest goes on", async () => {
  const dev = new Development();
  await dev.says({ event: "running" });
  await dev.answers("clock", "noon");
  dev.write(source("clock"), answering("midnight"));
  await dev.answers("clock", "midnight");
  const line = await dev.says({ event: "changed", reloaded: ["clock"], restarted: ["desk"] });
  expect(line).toMatchObject({ files: [`${dev.root}/${source("clock")}`], durationMs: expect.any(Number) });
  dev.saveAside(source("clock"), answering("dawn"));
  await dev.answers("clock", "dawn");
  await dev.hasSaid(["running", "changed", "changed"]);
});

test("what is broken is shown once with its place while the old answer goes on, and the next good edit mends it", async () => {
  const dev = new Development({ "modules/clock/src/hand.ts": "export const hand = 1;\n" });
  await dev.says({ event: "running" });
  const broken = [
    ["a syntax error", "export const hand = 1 +;\n", ["LOAD_IMPORT_FAILED", "modules/clock/src/hand.ts", 1]],
    ["what Node cannot strip", "\nenum Hand { hour }\n", ["LOAD_IMPORT_FAILED", "modules/clock/src/hand.ts", 2]],
    [
      "an error while it is loaded",
      '\n\nthrow new Error("stuck");\n',
      ["LOAD_IMPORT_FAILED", "modules/clock/src/hand.ts", 3],
    ],
  ] as const;
  dev.write(source("clock"), `import "./hand.ts";\n${answering("noon")}`);
  await dev.says({ event: "changed" });
  for (const [, text, [code, file, line]] of broken) {
    const from = dev.lines().length;
    dev.write("modules/clock/src/hand.ts", text);
    const failed = await dev.says({ event: "failed", reason: null }, from);
    expect(failed.problems[0]).toMatchObject({
      code,
      at: expect.arrayContaining([{ file: `${dev.root}/${file}`, line, column: expect.any(Number) }]),
    });
    await dev.answers("clock", "noon");
  }
  const from = dev.lines().length;
  dev.write(source("clock"), answering("late", 'lifecycle.onStart(() => { throw new Error("no spring"); });'));
  const failed = await dev.says({ event: "failed", problems: [{ code: "START_FAILED" }] }, from);
  expect(failed.problems[0]?.at[0]).toMatchObject({ file: `${dev.root}/${source("clock")}` });
  await dev.answers("clock", "noon");
  dev.write(source("clock"), answering("mended"));
  await dev.answers("clock", "mended");
  await dev.hasSaid(["failed", "changed"], from);
});

test("a permission that is added to a manifest is generated, and its module reloaded", async () => {
  const dev = new Development();
  await dev.says({ event: "running" });
  expect(dev.read("modules/clock/src/module.gen.ts")).not.toContain("ClockWind");
  dev.write("modules/clock/module.yaml", manifest("clock", "permissions: { clock.wind: Wind the clock }\n"));
  const line = await dev.says({ event: "changed", reloaded: ["clock"] });
  expect(line).toMatchObject({ generated: expect.arrayContaining([`${dev.root}/modules/clock/src/module.gen.ts`]) });
  expect(dev.read("modules/clock/src/module.gen.ts")).toContain("ClockWind");
  const from = dev.lines().length;
  dev.write("modules/clock/module.yaml", "name: clock\nversion: one\n");
  const failed = await dev.says({ event: "failed" }, from);
  expect(failed.problems[0]).toMatchObject({
    code: "MANIFEST_VERSION",
    at: [{ file: `${dev.root}/modules/clock/module.yaml`, line: 2, column: 10 }],
  });
  await dev.answers("clock", "noon");
});

test("modules come with their folders and go with them, and a migration that fails leaves the old one running", async () => {
  const dev = new Development();
  await dev.says({ event: "running" });
  dev.write(source("radio"), answering("music"));
  dev.write("modules/radio/module.yaml", manifest("radio"));
  await dev.says({ event: "changed", added: ["radio"] });
  await dev.answers("radio", "music");
  let from = dev.lines().length;
  dev.write("modules/radio/migrations/0001_waves.sql", "create table waves (length nonsense);\n");
  dev.write("modules/radio/module.yaml", manifest("radio", "migrations: ./migrations\n"));
  await dev.says({ event: "failed", reason: null }, from);
  await dev.answers("radio", "music");
  from = dev.lines().length;
  dev.write("modules/radio/migrations/0001_waves.sql", "create table waves (length int);\n");
  await dev.says({ event: "changed", reloaded: ["radio"] }, from);
  dev.remove("modules/radio");
  await dev.says({ event: "changed", removed: ["radio"] }, from);
  await vi.waitFor(async () => expect((await fetch(`${dev.url}/radio`)).status).toBe(404), waiting);
});

test("fifty quick edits of several modules end in the last state", async () => {
  const dev = new Development();
  await dev.says({ event: "running" });
  const modules = ["clock", "desk", "lamp"];
  for (let edit = 0; edit < 50; edit++) {
    const module = modules[edit % 3] ?? "";
    if (edit % 2 === 0) dev.write(source(module), answering(`${module} ${edit}`));
    else dev.saveAside(source(module), answering(`${module} ${edit}`));
    if (edit % 7 === 0) await new Promise((resolve) => setTimeout(resolve, edit));
  }
  for (const [index, edit] of [48, 49, 47].entries())
    await dev.answers(modules[index] ?? "", `${modules[index]} ${edit}`);
});

test("many files that change at once, as when a branch is checked out, are taken in together, each once", async () => {
  const dev = new Development();
  await dev.says({ event: "running" });
  const modules = ["clock", "desk", "lamp"];
  const files = modules.flatMap((module) =>
    Array.from({ length: 40 }, (_, index) => `modules/${module}/src/deep/part-${index}.ts`),
  );
  for (const file of files) dev.write(file, "export const part: number = 1;\n");
  for (const module of modules) dev.write(source(module), answering(`${module} of the branch`));
  for (const module of modules) await dev.answers(module, `${module} of the branch`);
  const edited = () =>
    dev
      .lines()
      .flatMap(({ files }) => files)
      .filter((file) => file.startsWith(dev.root))
      .map((file) => path.relative(dev.root, file));
  await vi.waitFor(() => expect(edited().sort()).toEqual([...files, ...modules.map(source)].sort()), waiting);
  // A busy machine may pause in the middle of writing.
  expect(dev.lines().length).toBeLessThan(6);
});

test("a module in a process of its own is reloaded too, and keeps running what ran before", async () => {
  const dev = new Development({ "modules/lamp/module.yaml": manifest("lamp", "isolation: process\n") });
  await dev.says({ event: "running" });
  dev.write(source("lamp"), answering("bright"));
  await dev.says({ event: "changed", reloaded: ["lamp"] });
  await dev.answers("lamp", "bright");
  dev.write(source("lamp"), `${answering("dark")}\nnonsense nonsense\n`);
  await dev.says({ event: "failed", problems: [{ code: "LOAD_IMPORT_FAILED" }] });
  await dev.answers("lamp", "bright");
});

test("what modules share reloads those that import it; while it is broken, the old one goes on", async () => {
  const shared =
    'import { greeting } from "../../../shared/index.ts"; import { hour } from "../../clock/src/contract.ts";';
  const dev = new Development({
    "shared/index.ts": 'export * from "./greeting.ts";\n',
    "shared/greeting.ts": 'export const greeting: string = "hello";\n',
    "modules/clock/src/contract.ts": "export const hour: number = 12;\n",
    [source("desk")]: answering("paper").replace('"paper"', `\`\${greeting} at \${hour}\``).replace(/^/, shared),
  });
  await dev.says({ event: "running" });
  await dev.answers("desk", "hello at 12");
  dev.write("shared/greeting.ts", 'export const greeting: string = "hello" +;\n');
  const failed = await dev.says({ event: "failed", reason: null });
  expect(failed.problems[0]?.at[0]?.file).toBe(`${dev.root}/shared/greeting.ts`);
  await dev.answers("desk", "hello at 12");
  dev.write("shared/greeting.ts", 'export const greeting: string = "good day";\n');
  await dev.says({ event: "changed", reloaded: ["desk"], restarted: [] });
  await dev.answers("desk", "good day at 12");
  dev.write("modules/clock/src/contract.ts", "export const hour: number = 13;\n");
  await dev.says({ event: "changed", reloaded: ["clock", "desk"] });
  await dev.answers("desk", "good day at 13");
  dev.write("shared/greeting.ts", 'export const greeting: string = "good night";\n');
  await dev.answers("desk", "good night at 13");
  await dev.hasSaid(["running", "failed", "changed", "changed", "changed"]);
});

test("settings of the platform call for a new process; when that cannot load, the old one goes on", async () => {
  const dev = new Development();
  await dev.says({ event: "running", reason: null });
  let from = dev.lines().length;
  dev.write("platform.yaml", `${dev.read("platform.yaml")}log: { level: loud }\n`);
  await dev.says({ event: "failed", reason: null }, from);
  await dev.answers("desk", "paper");
  from = dev.lines().length;
  dev.write("platform.yaml", dev.read("platform.yaml").replace("loud", "warn"));
  await dev.says({ event: "running", reason: "log in platform.yaml changed" }, from);
  await dev.answers("desk", "paper");
});

test("a file that is saved as it was changes nothing", async () => {
  const dev = new Development();
  await dev.says({ event: "running" });
  dev.saveAside(source("clock"), dev.read(source("clock")));
  dev.write("platform.yaml", dev.read("platform.yaml"));
  dev.write("modules/clock/src/.index.ts.swp", "an editor's");
  dev.write("modules/clock/src/index.test.ts", "a test");
  dev.write(source("lamp"), answering("lit"));
  await dev.answers("lamp", "lit");
  await dev.says({ event: "changed", files: [`${dev.root}/${source("lamp")}`] });
  await dev.hasSaid(["running", "changed"]);
});

test("a setting of a module reloads that module", async () => {
  const dev = new Development({
    "modules/lamp/module.yaml": manifest(
      "lamp",
      "config: { properties: { colour: { type: string, default: white } } }\n",
    ),
    [source("lamp")]: answering("")
      .replace("setup({ http, lifecycle })", "setup({ http, config, lifecycle })")
      .replace('=> ""', "=> config.colour"),
  });
  await dev.says({ event: "running" });
  await dev.answers("lamp", "white");
  dev.write("platform.yaml", `${dev.read("platform.yaml")}lamp: { colour: red }\n`);
  await dev.says({ event: "changed", reloaded: ["lamp"] });
  await dev.answers("lamp", "red");
});

test("a platform that cannot start waits for the edit that mends it, and one that ends is started again", async () => {
  const dev = new Development({
    [source("clock")]: answering("noon", 'lifecycle.onStart(() => { throw new Error("no spring"); });'),
  });
  await dev.says({
    event: "failed",
    reason: "nothing runs until this is mended",
    problems: [{ code: "START_FAILED" }],
  });
  dev.write(source("clock"), answering("noon"));
  await dev.says({ event: "running" });
  await dev.answers("clock", "noon");
  dev.write(source("clock"), answering("noon", "setTimeout(() => process.exit(7), 200);"));
  await dev.says({ event: "ended", reason: "the platform ended with code 7" });
  dev.write(source("clock"), answering("evening"));
  await dev.answers("clock", "evening");
});

test.each([["SIGINT"], ["SIGTERM"]] as const)("%s stops the platform in good order", async (signal) => {
  const dev = new Development({
    [source("clock")]: answering("noon", 'lifecycle.onStop(() => { process.stdout.write("the clock stops\\n"); });'),
  });
  await dev.says({ event: "running" });
  dev.command.process.kill(signal);
  const { code, stderr } = await dev.command.ended;
  expect(code).toBe(0);
  expect(stderr).toContain("the clock stops");
  await expect(fetch(dev.url)).rejects.toThrow();
});

test("Ctrl-C while the platform starts stops what has started, and a second one ends what does not stop", async () => {
  const untilAborted = `lifecycle.onStart((signal) => new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  }));`;
  const starting = new Development({ [source("lamp")]: answering("", untilAborted) });
  await vi.waitFor(() => expect(starting.command.stderr()).toContain("listening"), waiting);
  starting.command.process.kill("SIGINT");
  expect((await starting.command.ended).code).toBe(0);

  const dev = new Development({ [source("lamp")]: answering("", "lifecycle.onStop(() => new Promise(() => {}));") });
  await dev.says({ event: "running" });
  dev.command.process.kill("SIGINT");
  await vi.waitFor(() => expect(dev.command.stderr()).toContain("stopping modules"), waiting);
  // Signals that come at the same moment count as one.
  const again = setInterval(() => dev.command.process.kill("SIGINT"), 100);
  expect((await dev.command.ended).code).toBe(130);
  clearInterval(again);
});

test("the platform does not outlive a dev that was killed, and takes the flags of start", async () => {
  const dev = new Development({}, ["--", "--set", "name=lighthouse"]);
  await dev.says({ event: "running" });
  const { stdout } = await platformctl(["status", "--json", "-C", dev.root]);
  expect(JSON.parse(stdout).platform.name).toBe("lighthouse");
  dev.command.process.kill("SIGKILL");
  await vi.waitFor(() => expect(fetch(`${dev.url}/clock`)).rejects.toThrow(), waiting);
});
