import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { type Problem, platformError } from "@plinth/module";
import { moduleTestCommand } from "./module-test-command.ts";
import { ownBin } from "./own-bin.ts";
import type { ModuleTestRequest, TestMessage, TestPhase, TestTimes } from "./test-message.ts";

/** What the test of one module found. */
export interface ModuleTestResult extends TestTimes {
  readonly module: string;
  readonly passed: boolean;
  /** From the start of its process to its end, in milliseconds. */
  readonly totalMs: number;
  readonly problems: readonly Problem[];
  /** What is worth knowing and no fault of this module. */
  readonly notes: readonly string[];
  /** The last of what the process printed, by whatever way. */
  readonly output: string;
}

/** How a test is run. */
export interface ModuleTestOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The longest that the test may take, in milliseconds. */
  readonly limitMs: number;
  /** Ends the test. */
  readonly signal: AbortSignal;
}

const outputLength = 8_192;

/**
 * Tests one module in a process of its own, of which nothing remains: whatever it started is ended with
 * it. Never rejects: what goes wrong is in the result.
 */
export async function runModuleTest(request: ModuleTestRequest, options: ModuleTestOptions): Promise<ModuleTestResult> {
  const { module } = request;
  const began = performance.now();
  const child = spawn(process.execPath, [ownBin(), moduleTestCommand, JSON.stringify(request)], {
    cwd: request.root,
    env: { ...options.env },
    // A group of its own can be ended as a whole.
    detached: process.platform !== "win32",
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  let phase: TestPhase = "loading";
  let last: Exclude<TestMessage, { readonly type: "phase" }> | undefined;
  let ended: Problem | undefined;
  const output = lastOf(child);
  onMessage(child.stdio[3] as Readable, (message) => {
    if (message.type === "phase") phase = message.phase;
    else last = message;
  });
  const giveUp = (problem: Problem) => {
    ended ??= problem;
    endGroup(child);
  };
  const limit = `${options.limitMs / 1000} s`;
  const timer = setTimeout(
    () => giveUp(platformError("TEST_TIMEOUT", { module, phase, limit }).toJSON()),
    options.limitMs,
  );
  const onAbort = () => giveUp(platformError("TEST_INTERRUPTED", { module }).toJSON());
  options.signal.addEventListener("abort", onAbort, { once: true });
  if (options.signal.aborted) onAbort();

  const { code, signal } = await closed(child);
  clearTimeout(timer);
  options.signal.removeEventListener("abort", onAbort);
  const problems = ended === undefined ? problemsOf() : [ended];
  return {
    module,
    passed: problems.length === 0,
    startMs: last?.type === "end" ? last.startMs : null,
    stopMs: last?.type === "end" ? last.stopMs : null,
    totalMs: performance.now() - began,
    problems,
    notes: last?.type === "end" ? last.notes : [],
    output: output(),
  };

  function problemsOf(): readonly Problem[] {
    if (last?.type === "end") return last.problems;
    if (last?.type === "exit") {
      const error = platformError("TEST_EXITED", { module, code: last.code, phase }, { at: last.at });
      return [...last.problems, error.toJSON()];
    }
    const cause = signal === null ? `exit code ${code}` : `the signal ${signal}`;
    return [platformError("TEST_DIED", { module, cause, phase }).toJSON()];
  }
}

/** How the process ended, once all of its output is here. What it started is ended, since that may keep the output open. */
function closed(child: ChildProcess): Promise<{ readonly code: number | null; readonly signal: string | null }> {
  return new Promise((resolve) => {
    child.on("exit", () => endGroup(child));
    child.on("error", (error) => resolve({ code: null, signal: error.message }));
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
}

function endGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nobody is left in the group.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function onMessage(stream: Readable, listener: (message: TestMessage) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) listener(JSON.parse(line) as TestMessage);
  });
}

function lastOf(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-outputLength);
    });
  }
  return () => text;
}
