import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** More than this is not kept, in bytes. */
const mostBytes = 8 * 1024 * 1024;

/**
 * The files of a module's folder as they were when its code was loaded. A process that is started
 * later imports code anew, from files that somebody may have edited meanwhile; with these the version
 * that was loaded can be started again. Packages in `node_modules` and what begins with a dot are not
 * kept, and nothing is of a folder of more than 8 MB.
 */
export class KeptCode {
  readonly #folder: string;
  readonly #into: string;
  readonly #files: ReadonlyMap<string, Buffer> | undefined;
  #laidDown: string | undefined;

  /** @param into where the files are laid down when they are needed, absolute. */
  constructor(folder: string, into: string) {
    this.#folder = folder;
    this.#into = into;
    this.#files = readFiles(folder);
  }

  /** The folder to import from: the module's own as long as nothing in it has changed. */
  place(): string {
    if (this.#files === undefined || isSame(this.#files, readFiles(this.#folder))) return this.#folder;
    this.#laidDown ??= layDown(this.#files, path.join(this.#into, `${process.pid}-${randomUUID()}`));
    return this.#laidDown;
  }

  /** Removes what was laid down. */
  remove(): void {
    if (this.#laidDown !== undefined) rmSync(this.#laidDown, { recursive: true, force: true });
  }
}

/** Contents by paths in the folder; `undefined` for more than is kept, or what cannot be read. */
function readFiles(folder: string): Map<string, Buffer> | undefined {
  const files = new Map<string, Buffer>();
  let bytes = 0;
  try {
    for (const waiting = [""]; waiting.length > 0; ) {
      const inner = waiting.pop() ?? "";
      for (const entry of readdirSync(path.join(folder, inner), { withFileTypes: true })) {
        const name = path.join(inner, entry.name);
        if (entry.name === "node_modules" || entry.name.startsWith(".")) continue;
        if (entry.isDirectory()) waiting.push(name);
        if (!entry.isFile()) continue;
        const content = readFileSync(path.join(folder, name));
        bytes += content.length;
        if (bytes > mostBytes) return undefined;
        files.set(name, content);
      }
    }
  } catch {
    return undefined;
  }
  return files;
}

function isSame(kept: ReadonlyMap<string, Buffer>, now: ReadonlyMap<string, Buffer> | undefined): boolean {
  if (now === undefined || now.size !== kept.size) return false;
  for (const [name, content] of kept) if (now.get(name)?.equals(content) !== true) return false;
  return true;
}

function layDown(files: ReadonlyMap<string, Buffer>, folder: string): string {
  for (const [name, content] of files) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}
