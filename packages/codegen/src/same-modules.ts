import path from "node:path";
import { matchFolders } from "@plinth/kernel";
import { isSame, signatureOf } from "./files/signature.ts";
import type { LastRun } from "./last-run.ts";
import { platformFileName, type Root } from "./roots.ts";

/**
 * Whether a root has the modules that it had in the last run, as far as can be told without reading a
 * file: platform.yaml is as it was, and its patterns lead to the same folders. Whether the manifests
 * are still in these is for others to see.
 */
export function hasSameModules({ folder, kind }: Root, last: LastRun): boolean {
  if (kind === "module") return true;
  const { platform, patterns, others, modules } = last;
  if (!isSame(signatureOf(path.join(folder, platformFileName)), platform)) return false;
  const known = new Set([...modules.map((module) => module.folder), ...others.map(([other]) => other)]);
  const found = new Set(patterns.flatMap((pattern) => matchFolders(folder, pattern)));
  if (found.size !== known.size || ![...found].every((each) => known.has(each))) return false;
  return others.every(([other, before]) => {
    const now = signatureOf(other);
    return now === undefined ? before === null : isSame(now, before);
  });
}
