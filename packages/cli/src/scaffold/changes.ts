import { readFileSync, renameSync, rmSync } from "node:fs";
import { PlatformErrors, platformError, problemsOf } from "@plinth/module";
import { regenerate } from "./regenerate.ts";
import { replaceFile } from "./replace-file.ts";

/** A file that gets another text. */
export interface FileEdit {
  /** Absolute; where it is before anything is moved. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** A folder that gets another place. Both absolute. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** What a command is to change in a platform, so that all of it can be shown before, and done as one. */
export interface Changes {
  readonly edits: readonly FileEdit[];
  readonly moves: readonly Move[];
}

/**
 * Makes all changes, and brings the generated sources up to date; or takes back what was done, and makes none.
 *
 * @param root the platform's folder, absolute.
 * @returns the generated files that were written, absolute.
 * @throws PlatformErrors when a file has changed in between or cannot be written, or when the manifests would be wrong.
 */
export function applyChanges(root: string, { edits, moves }: Changes): readonly string[] {
  const undo: (() => void)[] = [];
  let current = root;
  try {
    for (const { file, before } of edits) {
      current = file;
      if (readFileSync(file, "utf8") !== before) throw new Error("it has been changed in the meantime");
    }
    for (const { file, before, after } of edits) {
      current = file;
      replaceFile(file, after);
      undo.push(() => replaceFile(file, before));
    }
    for (const { from, to } of moves) {
      current = to;
      renameSync(from, to);
      undo.push(() => renameSync(to, from));
    }
    return regenerate(root);
  } catch (cause) {
    for (const step of undo.toReversed()) step();
    if (problemsOf(cause).length > 0) {
      regenerateQuietly(root);
      throw cause;
    }
    const reason = (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause));
    throw platformError("SCAFFOLD_WRITE", { file: current, reason }, { at: [{ file: current }], cause });
  }
}

/** Some of the generated sources may have been written for what has been taken back. */
function regenerateQuietly(root: string): void {
  try {
    regenerate(root);
  } catch (error) {
    if (!(error instanceof PlatformErrors)) throw error;
  }
}

/** Removes a folder that was moved out of the way. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
