import path from "node:path";
import type { ModuleStatus } from "@plinth/module";

/** A module and the folder that its code is in. */
export type ModuleFolder = Pick<ModuleStatus, "name"> & { readonly path: string | undefined };

/**
 * The module that an uncaught error came from: the one whose code was running, else the one in whose
 * folder the error's stack begins; `undefined` where neither tells.
 */
export function moduleOf(
  error: unknown,
  running: string | undefined,
  folders: readonly ModuleFolder[],
): string | undefined {
  if (running !== undefined) return running;
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const line of stack.split("\n")) {
    const found = folders.find((folder) => folder.path !== undefined && line.includes(folder.path + path.sep));
    if (found !== undefined) return found.name;
  }
  return undefined;
}
