import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { installed, schema, slaFiles } from "../plugin.fixture.ts";
import { pluginSource } from "../source/plugin-source.ts";
import { removePlugin } from "./remove-plugin.ts";

interface Task {
  readonly root: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly dieAt: number;
}

/** What the process printed; `undefined` when it was killed. */
function run(task: Task): Promise<string | undefined> {
  const program = path.join(import.meta.dirname, "install-process.fixture.ts");
  const child = spawn(process.execPath, ["--conditions=plinth-source", program, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
    // Compiling takes each process longer than what it is about.
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: path.resolve(import.meta.dirname, "../../../../node_modules/.cache/plinth/compiled"),
    },
  });
  let printed = "";
  child.stdout.on("data", (text) => {
    printed += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (_, signal) => resolve(signal === "SIGKILL" ? undefined : printed.trim()));
  });
}

/** The version that a platform in production would start with, or what is wrong. */
function stateOf(root: string): string {
  const settings = { folder: "plugins", trustedKeys: [], signatures: "optional" } as const;
  const { modules, problems } = pluginSource({ root, settings: () => settings, willRun: false, production: true }).find(
    schema,
  );
  return problems.map(({ message }) => message).join("; ") || (modules[0]?.manifest.version ?? "none");
}

const tasks = [
  ["installed for the first time", "none", slaFiles("1.1.0"), "1.1.0"],
  ["exchanged for a newer version", "1.0.0", slaFiles("1.1.0"), "1.1.0"],
  ["removed", "1.0.0", undefined, "none"],
] as const;

it.each(tasks)(
  "a plugin that is being %s is the old or the new one, at whichever step the process is killed",
  async (_, before, files, after) => {
    const start = async () => {
      const root = await installed();
      if (before === "none") await removePlugin("sla", { root, folder: "plugins" });
      return root;
    };
    const given = files === undefined ? {} : { files };
    const steps = Number(await run({ root: await start(), ...given, dieAt: -1 }));
    expect(steps).toBeGreaterThan(5);

    const states: string[] = [];
    let next = 1;
    const worker = async () => {
      for (let dieAt = next++; dieAt <= steps; dieAt = next++) {
        const root = await start();
        expect(await run({ root, ...given, dieAt })).toBeUndefined();
        states[dieAt - 1] = stateOf(root);
        // Whoever comes next finds the lock of a dead process, and what it left.
        await installed(slaFiles("1.2.0"), { root });
        expect(stateOf(root)).toBe("1.2.0");
        expect(readdirSync(path.join(root, "plugins"))).toEqual(["sla@1.2.0"]);
        expect(readdirSync(root).sort()).toEqual(["plugins", "plugins.lock"]);
      }
    };
    await Promise.all([worker(), worker()]);
    // First the old state, and from one step on the new one.
    const switchedAt = states.indexOf(after);
    expect(states).toEqual(states.map((__, index) => (index < switchedAt ? before : after)));
    expect(switchedAt).toBeGreaterThan(0);
    console.log(`killed at each of ${steps} steps: ${before} until step ${switchedAt}, then ${after}`);
  },
  180_000,
);
