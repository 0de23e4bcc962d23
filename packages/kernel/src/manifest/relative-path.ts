import path from "node:path";

/** Why a relative path cannot stay inside a folder, by its letters alone; `undefined` where it can. */
export function escapesLexically(relative: string): string | undefined {
  if (relative === "") return "which names no file";
  if (relative.includes("\0")) return "which contains a zero byte";
  if (path.posix.isAbsolute(relative) || path.win32.isAbsolute(relative) || /^[A-Za-z]:/.test(relative)) {
    return "an absolute path";
  }
  if (relative.includes("\\")) return "which contains a backslash";
  if (relative.split("/").includes("..")) return 'which leads out of the module\'s folder by ".."';
  return undefined;
}
