import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Puts a text into a file that is there, as a whole: whoever reads it finds the old one or the new one. */
export function replaceFile(file: string, text: string): void {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  try {
    writeFileSync(draft, text, { mode: statSync(file).mode });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
