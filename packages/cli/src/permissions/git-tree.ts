import { spawn } from "node:child_process";
import { platformError } from "@plinth/module";

/** The files of a repository as they were at one commit. */
export interface GitTree {
  /** Paths relative to the repository, with forward slashes. */
  readonly files: readonly string[];
  /** The folder that was asked about, in the same way; with a slash at its end unless it is the whole. */
  readonly folder: string;
  /** The texts of files, in the order given. Nothing is checked out. */
  read(files: readonly string[]): Promise<readonly string[]>;
}

/**
 * Looks into the repository that a folder belongs to.
 *
 * @param ref anything that names a commit: a branch, a tag, `HEAD~3`.
 * @throws PlatformError `COMMAND_GIT` when there is no git, no repository, or no such commit.
 */
export async function gitTree(folder: string, ref: string): Promise<GitTree> {
  const run = (args: readonly string[], input = "") => git(folder, ref, args, input);
  const commit = (await run(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]))
    .toString()
    .trim();
  const [listed, prefix] = await Promise.all([
    run(["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit]),
    run(["rev-parse", "--show-prefix"]),
  ]);
  return {
    files: listed
      .toString()
      .split("\0")
      .filter((file) => file !== ""),
    folder: prefix.toString().replace(/\n$/, ""),
    async read(files) {
      if (files.length === 0) return [];
      return blobsOf(await run(["cat-file", "--batch", "-z"], files.map((file) => `${commit}:${file}\0`).join("")));
    },
  };
}

/** Takes the answer of `git cat-file --batch` apart: for each object a line that ends with its size, and its bytes. */
function blobsOf(answer: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < answer.length; ) {
    const lineEnd = answer.indexOf(0x0a, at);
    const size = Number(answer.toString("utf8", at, lineEnd).split(" ").at(-1));
    texts.push(answer.toString("utf8", lineEnd + 1, lineEnd + 1 + size));
    at = lineEnd + 1 + size + 1;
  }
  return texts;
}

function git(folder: string, ref: string, args: readonly string[], input: string): Promise<Buffer> {
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
