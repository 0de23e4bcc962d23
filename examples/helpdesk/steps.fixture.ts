import { spawn } from "node:child_process";
import { once } from "node:events";

/** Commands of a page and what it says that they print; nothing where it does not say. */
export interface Step {
  readonly line: number;
  readonly commands: string;
  readonly shown: { readonly language: string; readonly text: string } | undefined;
}

/** Every block of commands, each with the block that follows it if that is no commands again. */
export function stepsOf(markdown: string): Step[] {
  const blocks = [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
    ({ index, 1: language = "", 2: text = "" }) => ({
      line: markdown.slice(0, index).split("\n").length,
      language,
      text,
    }),
  );
  return blocks.flatMap(({ line, language, text }, at) => {
    if (language !== "sh") return [];
    const next = blocks[at + 1];
    return [{ line, commands: text, shown: next?.language === "sh" ? undefined : next }];
  });
}

/** How commands are run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
}

/** What a run of commands printed. */
export interface Printed {
  /** To the standard output, by block. */
  readonly blocks: readonly string[];
  readonly stderr: string;
  /** Of the last command. */
  readonly status: number | null;
}

/** Runs blocks of commands in one shell, as somebody does who copies them. */
export async function runCommands(blocks: readonly string[], options: RunOptions = {}): Promise<Printed> {
  const { timeoutMs: timeout = 60_000, ...rest } = options;
  const end = "--- end of step ---";
  const shell = spawn("bash", ["-u"], { ...rest, timeout, stdio: ["pipe", "pipe", "pipe"] });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    shell[name].setEncoding("utf8").on("data", (text: string) => {
      printed[name] += text;
    });
  }
  shell.stdin.end(blocks.map((lines) => `${lines}\necho\necho '${end}'\n`).join(""));
  await once(shell, "close");
  const { stdout, stderr } = printed;
  return { blocks: stdout.split(`${end}\n`).slice(0, -1), stderr, status: shell.exitCode };
}
