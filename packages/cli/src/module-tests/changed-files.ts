import path from "node:path";
import { commitOf, git } from "../git.ts";

/**
 * The files of a repository that are not as they were where a branch left `ref`: committed since,
 * uncommitted, untracked, and removed; ignored ones are left out. Absolute.
 *
 * @param folder any folder of the repository.
 * @throws PlatformError `COMMAND_GIT`.
 */
export async function changedFiles(folder: string, ref: string): Promise<readonly string[]> {
  const commit = await commitOf(folder, ref);
  const top = (await git(folder, ref, ["rev-parse", "--show-toplevel"])).toString().replace(/\n$/, "");
  const since = await branchedFrom(folder, ref, commit);
  const [tracked, untracked] = await Promise.all([
    // A file that was moved is gone from one place and new at the other.
    git(top, ref, ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", since, "--"]),
    git(top, ref, ["ls-files", "--others", "--exclude-standard", "-z"]),
  ]);
  const names = `${tracked}${untracked}`.split("\0").filter((name) => name !== "");
  return [...new Set(names)].sort().map((name) => path.join(top, name));
}

/** What others have added to `ref` since is not what was changed here. Without a common past, `ref` itself. */
async function branchedFrom(folder: string, ref: string, commit: string): Promise<string> {
  try {
    return (await git(folder, ref, ["merge-base", commit, "HEAD"])).toString().trim();
  } catch {
    return commit;
  }
}
