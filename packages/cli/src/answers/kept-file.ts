import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What was kept in a file; `undefined` where there is nothing that can be read. */
export function readKept(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Keeps a value in a file, for nobody but this user, as a whole or not at all. Where nothing can be written, nothing
 * is kept. Of many files in the folder those of the longest ago make room.
 */
export function keep(file: string, value: unknown): void {
  try {
    const folder = path.dirname(file);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const written = `${file}.${process.pid}`;
    writeFileSync(written, JSON.stringify(value), { mode: 0o600 });
    renameSync(written, file);
    makeRoom(folder);
  } catch {
    // Without a place to keep it, it is found anew each time.
  }
}

const most = 200;

function makeRoom(folder: string): void {
  const files = readdirSync(folder);
  if (files.length <= most) return;
  const aged = files.map((name) => ({ name, time: statSync(path.join(folder, name)).mtimeMs }));
  aged.sort((one, other) => other.time - one.time);
  for (const { name } of aged.slice(most / 2)) rmSync(path.join(folder, name), { force: true });
}
