import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "../folder.fixture.ts";

const index = path.resolve(import.meta.dirname, "../index.ts");
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});

/** A platform in a real process, and what it wrote. */
class Run {
  readonly child: ChildProcess;
  output = "";
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;

  constructor(folder: TestFolder, set: readonly string[] = []) {
    folder.write({
      "main.ts": `
        import { runPlatform } from ${JSON.stringify(index)};
        await runPlatform({ root: import.meta.dirname, set: ${JSON.stringify(["http.port=0", "http.drainDelay=100ms", ...set])} });`,
    });
    this.child = spawn(process.execPath, ["--conditions=plinth-source", path.join(folder.root, "main.ts")], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(this.child);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    this.exited = once(this.child, "close").then(([code, signal]) => ({ code, signal }));
  }

  /** Waits until `text` has been written. @throws Error when the process ends first. */
  async wrote(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      const ended = await Promise.race([
        this.exited.then(() => true),
        new Promise<false>((resolve) => void setTimeout(resolve, 20, false)),
      ]);
      if (ended && !this.output.includes(text)) throw new Error(`ended without "${text}":\n${this.output}`);
    }
  }

  url(): string {
    return /"url":"([^"]+)"/.exec(this.output)?.[1] ?? "";
  }
}

const platformYaml = { "platform.yaml": 'modules: ["modules/*"]\n' };

/** The files of a module whose `setup` is `body`. */
function module(name: string, body: string, more = ""): Record<string, string> {
  return {
    [`modules/${name}/module.yaml`]: `name: ${name}\nversion: 1.0.0\n${more}`,
    [`modules/${name}/src/index.ts`]: `
      import { defineModule } from "@plinth/module";
      export default defineModule({ setup({ lifecycle, log }) { ${body} } });`,
  };
}

const saying = (name: string) =>
  `lifecycle.onStart(() => log.info("${name} started")); lifecycle.onStop(() => log.info("${name} stopped"));`;

describe("runPlatform in a process", () => {
  it("drains on SIGTERM with 503 on /readyz and 200 on /livez, stops in reverse and exits with 0", async () => {
    using folder = testFolder({
      ...platformYaml,
      ...module("a", saying("a")),
      ...module("b", saying("b"), "dependencies: { a: ^1.0.0 }\n"),
    });
    const run = new Run(folder, ["http.drainDelay=2s"]);
    await run.wrote("ready: ");
    expect((await fetch(`${run.url()}/readyz`)).status).toBe(200);
    run.child.kill("SIGTERM");
    await run.wrote("draining");
    expect((await fetch(`${run.url()}/readyz`)).status).toBe(503);
    expect((await fetch(`${run.url()}/livez`)).status).toBe(200);
    expect(await run.exited).toEqual({ code: 0, signal: null });
    const order = ["a started", "b started", "b stopped", "a stopped"].map((line) => run.output.indexOf(line));
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(Math.min(...order)).toBeGreaterThan(0);
  });

  it("cancels a start that is going on at SIGTERM, stops what had started and exits with 0", async () => {
    using folder = testFolder({
      ...platformYaml,
      ...module("a", saying("a")),
      ...module(
        "b",
        `lifecycle.onStart((signal) => new Promise((_, reject) => {
           log.info("b is starting");
           const alive = setInterval(() => {}, 1000);
           signal.addEventListener("abort", () => { clearInterval(alive); reject(signal.reason); });
         }));`,
        "dependencies: { a: ^1.0.0 }\n",
      ),
    });
    const run = new Run(folder);
    await run.wrote("b is starting");
    run.child.kill("SIGTERM");
    expect((await run.exited).code).toBe(0);
    expect(run.output).toContain("a stopped");
  });

  it("takes a signal that arrives twice at the same moment, as under npm, for one", async () => {
    using folder = testFolder({ ...platformYaml, ...module("a", saying("a")) });
    const run = new Run(folder);
    await run.wrote("ready: ");
    run.child.kill("SIGINT");
    run.child.kill("SIGINT");
    expect(await run.exited).toEqual({ code: 0, signal: null });
    expect(run.output).toContain("a stopped");
  });

  it("exits at once on a second signal", async () => {
    using folder = testFolder({
      ...platformYaml,
      ...module("a", 'lifecycle.onStop(() => { log.info("hanging"); return new Promise(() => {}); });'),
    });
    const run = new Run(folder);
    await run.wrote("ready: ");
    run.child.kill("SIGTERM");
    await run.wrote("hanging");
    run.child.kill("SIGTERM");
    expect((await run.exited).code).toBe(143);
  });

  it("ends after the limit for the whole stop, names what is still open and exits with 1", async () => {
    using folder = testFolder({
      ...platformYaml,
      ...module("a", "lifecycle.onStop(() => new Promise(() => {}));"),
    });
    const run = new Run(folder, ["stop.timeout=300ms"]);
    await run.wrote("ready: ");
    run.child.kill("SIGTERM");
    expect((await run.exited).code).toBe(1);
    expect(run.output).toContain("the platform did not stop within 300 ms; still open:");
  });

  it("puts an unhandled rejection down to its module, drains and exits with 1", async () => {
    using folder = testFolder({
      ...platformYaml,
      ...module("a", saying("a")),
      ...module(
        "culprit",
        'lifecycle.onStart(() => { setTimeout(() => { void Promise.reject(new Error("lost")); }, 50); });',
      ),
    });
    const run = new Run(folder);
    expect((await run.exited).code).toBe(1);
    expect(run.output).toContain('a promise was rejected and nobody handled it in module \\"culprit\\": lost');
    expect(run.output).toContain("draining");
    expect(run.output).toContain("a stopped");
  });

  it("reports a start that fails with code, module and mend, and exits with 1", async () => {
    using folder = testFolder({
      ...platformYaml,
      ...module("a", saying("a")),
      ...module("b", 'lifecycle.onStart(() => { throw new Error("no licence"); });', "dependencies: { a: ^1.0.0 }\n"),
    });
    const run = new Run(folder);
    expect((await run.exited).code).toBe(1);
    expect(run.output).toContain('START_FAILED: module "b" failed in start: no licence');
    expect(run.output).toContain("fix: Mend the cause shown below");
    expect(run.output).toContain("a stopped");
  });

  it("names the address of a port that is taken, stops what had started and exits with 1", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { readonly port: number };
    try {
      using folder = testFolder({ ...platformYaml, ...module("a", saying("a")) });
      const run = new Run(folder, [`http.port=${port}`]);
      expect((await run.exited).code).toBe(1);
      expect(run.output).toContain(`127.0.0.1:${port}`);
      expect(run.output).toContain("fix: ");
      expect(run.output).not.toContain("a started");
    } finally {
      other.close();
    }
  });

  it("reports an event loop that stood still, and the module whose hook held it", async () => {
    using folder = testFolder({
      ...platformYaml,
      ...module("a", "lifecycle.onStart(() => { const until = Date.now() + 1200; while (Date.now() < until); });"),
    });
    const run = new Run(folder);
    await run.wrote("the event loop stood still for");
    expect(run.output).toMatch(/"module":"a","blockedMs":1\d\d\d/);
  });

  it("reports everything that is wrong before anything runs, and exits with 1", async () => {
    using folder = testFolder({
      ...platformYaml,
      "modules/a/module.yaml": "name: a\nversion: 1.0.0\ndependencies: { nowhere: ^1.0.0 }\n",
      "modules/b/module.yaml": "name: b\nversion: one\n",
    });
    const run = new Run(folder);
    expect((await run.exited).code).toBe(1);
    expect(run.output).toContain("GRAPH_MISSING");
    expect(run.output).toContain("modules/b/module.yaml:2:10");
    expect(run.output).toContain("the platform did not start: 2 problems");
  });
});
