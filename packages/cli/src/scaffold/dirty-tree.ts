import { spawnSync } from "node:child_process";
import { platformError } from "@plinth/module";

const mostFiles = 5;

/**
 * Makes sure that nothing in the git repository around a folder waits to be committed. Outside of a repository, and
 * without git, there is nothing to be sure of.
 *
 * @throws PlatformError `SCAFFOLD_TREE_DIRTY`.
 */
export function checkTreeClean(folder: string): void {
  const { status, stdout } = spawnSync("git", ["-C", folder, "status", "--porcelain=v1"], { encoding: "utf8" });
  if (status !== 0) return;
  const changed = stdout.split("\n").flatMap((line) => (line === "" ? [] : [line.slice(3)]));
  if (changed.length === 0) return;
  const more = changed.length > mostFiles ? ` and ${changed.length - mostFiles} more` : "";
  throw platformError("SCAFFOLD_TREE_DIRTY", { folder, files: changed.slice(0, mostFiles).join(", ") + more });
}
