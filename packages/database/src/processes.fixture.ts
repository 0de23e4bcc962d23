import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { MigratingTask } from "./migrating-process.fixture.ts";

/** How a process ended. */
export interface Ended {
  readonly signal: string | null;
  readonly code: number | null;
  /** Everything that it printed, lines. */
  readonly lines: readonly string[];
  readonly complaints: string;
}

/** A process that is running. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves when it has printed that line, or any line; rejects when it ends before. */
  printed(line?: string): Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Runs a TypeScript file of this package in a process of its own. */
export function run(file: string, ...args: readonly string[]): Running {
  const path = fileURLToPath(new URL(file, import.meta.url));
  // Compiling the package takes each process longer than most of them live.
  const cache = fileURLToPath(new URL("../../../node_modules/.cache/plinth/compiled", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=plinth-source", path, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  });
  let output = "";
  let complaints = "";
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ signal, code, lines: output.split("\n").filter((line) => line !== ""), complaints });
    });
  });
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    child.emit("printed");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  return {
    child,
    ended,
    printed: (line) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = output
            .split("\n")
            .slice(0, -1)
            .find((printed) => line === undefined || printed === line);
          if (found !== undefined) resolve(found);
        };
        child.on("printed", look);
        void ended.then((end) => reject(new Error(`ended without printing ${line}: ${JSON.stringify(end)}`)));
        look();
      }),
  };
}

/** Starts a process that migrates. */
export function startMigrating(task: MigratingTask): Running {
  return run("./migrating-process.fixture.ts", JSON.stringify(task));
}

/** What a process that migrated to its end has printed. */
export async function resultOf({ ended }: Running): Promise<{ outcome: Record<string, string>; messages: number }> {
  const { lines, complaints } = await ended;
  const last = lines.at(-1) ?? "";
  if (!last.startsWith("{")) throw new Error(`the process printed no result: ${lines.join("\n")}\n${complaints}`);
  return JSON.parse(last) as { outcome: Record<string, string>; messages: number };
}
