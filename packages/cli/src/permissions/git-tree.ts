import { commitOf, git } from "../git.ts";

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
  const run = (args: readonly string[], input?: string) => git(folder, ref, args, input);
  const commit = await commitOf(folder, ref);
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
