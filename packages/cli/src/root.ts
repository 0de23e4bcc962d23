import { statSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";
import type { Context } from "./context.ts";

/** The options that every command has. */
export interface GlobalOptions {
  /** `-C, --root`, as it was written. */
  readonly root?: string;
}

/**
 * The root of the platform that a command is about: the nearest folder with a platform.yaml, from the
 * one of `-C`, or the current one, upwards.
 *
 * @throws PlatformError `COMMAND_FOLDER_MISSING` or `SETTINGS_ROOT_MISSING`.
 */
export async function rootOf(context: Context, options: GlobalOptions): Promise<string> {
  const folder = folderOf(context, options);
  const { findPlatformRoot } = await import("@plinth/platform");
  return findPlatformRoot(folder);
}

/**
 * The folder that a command acts in: the one of `-C`, or the current one; absolute.
 *
 * @throws PlatformError `COMMAND_FOLDER_MISSING`.
 */
export function folderOf({ cwd }: Context, { root = "." }: GlobalOptions): string {
  const folder = path.resolve(cwd, root);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw platformError("COMMAND_FOLDER_MISSING", { folder });
}
