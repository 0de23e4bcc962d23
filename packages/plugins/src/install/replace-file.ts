import { renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** How the drafts of {@link replaceFile} for a file begin; they are left behind only by a process that died. */
export function draftPrefix(file: string): string {
  return `.${path.basename(file)}.draft-`;
}

/**
 * Puts `text` into the file. Whoever reads it, and whenever the process dies, finds all of what was there
 * before or all of `text`.
 */
export function replaceFile(file: string, text: string): void {
  const draft = path.join(path.dirname(file), `${draftPrefix(file)}${process.pid}`);
  try {
    writeFileSync(draft, text, { flush: true });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
