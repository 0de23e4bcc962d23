import { spawn } from "node:child_process";
import path from "node:path";

/** What a command wrote, and the code it ended with. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how the packed platformctl is called. */
export interface Call {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A program that runs, and what can be done about it. */
export interface Running {
  /** What it has written to its standard output so far, without carriage returns. */
  stdout(): string;
  /** Ctrl-C. */
  interrupt(): void;
  readonly ended: Promise<Outcome>;
}

/** Runs the packed platformctl with pipes for its outputs. */
export function inPipe(bin: string, args: readonly string[], { cwd, env }: Call): Running {
  return watched(spawn(bin, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] }), (child) => child.kill("SIGINT"));
}

/**
 * Runs it in a terminal of 100 columns, by script(1), which Debian always has. What it writes to the standard error
 * comes with its standard output, unless that is thrown away.
 */
export function inTerminal(bin: string, args: readonly string[], { cwd, env }: Call, onlyResult = false): Running {
  const command = `stty cols 100 rows 40 -echo; exec ${[bin, ...args].map(quoted).join(" ")}${onlyResult ? " 2>/dev/null" : ""}`;
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd,
    env: { ...env, TERM: "xterm-256color", SHELL: "/bin/sh" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  return watched(child, () => child.stdin.write("\x03"));
}

/** Runs a line of the shell in which `platformctl` is the packed one. */
export function inShell(bin: string, line: string, { cwd, env }: Call): Promise<Outcome> {
  const PATH = `${path.dirname(bin)}${path.delimiter}${env.PATH}`;
  const child = spawn("bash", ["-c", line], { cwd, env: { ...env, PATH }, stdio: ["pipe", "pipe", "pipe"] });
  return watched(child, () => child.kill("SIGINT")).ended;
}

type Child = ReturnType<typeof spawn>;

function watched(child: Child, interrupt: (child: Child) => void): Running {
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      written[name] += text.replaceAll("\r", "");
    });
  }
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...written }));
  });
  return { stdout: () => written.stdout, interrupt: () => interrupt(child), ended };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
