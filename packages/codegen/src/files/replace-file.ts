import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { threadId } from "node:worker_threads";

/**
 * Puts `text` into the file, whose folder is made where it is missing. Whoever reads the file, and
 * whenever the process dies, finds all of what was there before or all of `text`. What processes that
 * died here have left behind is removed.
 *
 * @throws what the file system throws; the file is as it was then.
 */
export function replaceFile(file: string, text: string): void {
  const folder = path.dirname(file);
  if (mkdirSync(folder, { recursive: true }) === undefined) removeLeftovers(folder, path.basename(file));
  const draft = path.join(folder, `.${path.basename(file)}.${process.pid}-${threadId}.tmp`);
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function removeLeftovers(folder: string, name: string): void {
  const start = `.${name}.`;
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith(start)) continue;
    const pid = /^(\d+)-\d+\.tmp$/.exec(entry.slice(start.length))?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(path.join(folder, entry), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
