import { spawn } from "node:child_process";
import { platformError } from "@plinth/module";

/**
 * What a git command prints, run in a folder.
 *
 * @param ref the commit that it is about, for the error.
 * @throws PlatformError `COMMAND_GIT` when there is no git, no repository, or the command fails.
 */
export function git(folder: string, ref: string, args: readonly string[], input = ""): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", folder, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    const output: Buffer[] = [];
    let complaint = "";
    child.stdout.on("data", (chunk: Buffer) => void output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    const fail = (reason: string) => reject(platformError("COMMAND_GIT", { ref, reason }));
    child.on("error", (error) => fail(error.message));
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(output));
      else fail(complaint.trim().split("\n").at(-1) || "there is no such commit");
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** The full name of a commit. @throws PlatformError `COMMAND_GIT`. */
export async function commitOf(folder: string, ref: string): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  return (await git(folder, ref, args)).toString().trim();
}
