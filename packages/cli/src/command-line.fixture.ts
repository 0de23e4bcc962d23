import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Context, Output } from "./context.ts";
import { checkOutput } from "./output/check-output.fixture.ts";
import { run } from "./run.ts";

/** What a command wrote, and the code it ended with. */
export interface Outcome {
  readonly code: number | undefined | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process. What it prints with `--json` is held against the shape of its output. */
export async function platformctl(
  args: readonly string[],
  given: Partial<Pick<Context, "cwd" | "env">> & { readonly terminal?: boolean } = {},
): Promise<Outcome> {
  const written = { stdout: "", stderr: "" };
  const output = (name: keyof typeof written): Output => ({
    isTTY: given.terminal === true,
    write: (text) => {
      written[name] += text;
    },
  });
  let exited: number | undefined;
  const code = await run({
    args,
    cwd: given.cwd ?? tmpdir(),
    env: given.env ?? {},
    stdout: output("stdout"),
    stderr: output("stderr"),
    exit: (code) => {
      exited ??= code;
    },
  });
  checkOutput(args, written.stdout);
  return { code: code ?? exited, ...written };
}

const bin = fileURLToPath(new URL("../bin/platformctl.js", import.meta.url));

/** A running `platformctl`, as people and scripts run it. */
export interface RunningCommand {
  readonly process: ReturnType<typeof spawn>;
  /** What it has written to the standard output so far. */
  stdout(): string;
  /** The same for the standard error. */
  stderr(): string;
  readonly ended: Promise<Outcome>;
}

/** Starts `platformctl` as a process of its own, which is killed when the test ends. */
export function spawnPlatformctl(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): RunningCommand {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { PATH: process.env.PATH, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { process: child, stdout: () => stdout, stderr: () => stderr, ended };
}

/** Files by path, written into a folder that is gone when the test has ended. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "plinth-cli-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}
