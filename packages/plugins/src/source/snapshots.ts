import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";
import { livenessOf, ownIdentity, type ProcessIdentity } from "@plinth/process-lock";
import type { PluginFile } from "../files/plugin-file.ts";

/** The folder that snapshots are in, below the platform's root: packages of the platform are found from there too. */
export const snapshotsFolder = path.join(".data", "plugins");

/** A place that only this process uses, for copies of files that were checked. */
export class Snapshots {
  readonly #base: string;
  readonly #own: string;
  #isMade = false;
  #count = 0;

  /** @param root of the platform, absolute. Nothing is written before the first snapshot. */
  constructor(root: string) {
    this.#base = path.join(root, snapshotsFolder);
    this.#own = path.join(this.#base, `${process.pid}-${randomUUID()}`);
  }

  /**
   * A new snapshot. What processes that died have left is removed when the first one is begun.
   *
   * @throws PlatformError `PLUGIN_SNAPSHOT`; nothing is left of it then.
   */
  begin(name: string): Snapshot {
    this.#count += 1;
    const folder = path.join(this.#own, `${this.#count}-${name}`);
    this.#attempt(() => {
      if (!this.#isMade) this.#make();
      mkdirSync(folder, { mode: 0o700 });
    });
    return {
      folder,
      add: ({ path: name, bytes }) => {
        const file = path.join(folder, name);
        this.#attempt(() => {
          mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
          writeFileSync(file, bytes, { flag: "wx", mode: 0o400 });
        });
      },
      remove: () => rmSync(folder, { recursive: true, force: true }),
    };
  }

  /** Removes everything that this process has laid down. */
  close(): void {
    if (!this.#isMade) return;
    this.#isMade = false;
    rmSync(this.#own, { recursive: true, force: true });
    rmSync(ownerFile(this.#own), { force: true });
  }

  #make(): void {
    mkdirSync(this.#base, { recursive: true });
    removeLeftovers(this.#base);
    // First whose it is, so that no folder is ever without an owner.
    writeFileSync(ownerFile(this.#own), `${JSON.stringify(ownIdentity())}\n`, { flag: "wx" });
    mkdirSync(this.#own);
    chmodSync(this.#own, 0o700);
    this.#isMade = true;
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (cause) {
      const reason = (cause as Error).message;
      throw platformError("PLUGIN_SNAPSHOT", { folder: this.#base, reason }, { at: [{ file: this.#base }], cause });
    }
  }
}

/** A copy of checked files. */
export interface Snapshot {
  /** Absolute. */
  readonly folder: string;
  add(file: PluginFile): void;
  remove(): void;
}

function ownerFile(folder: string): string {
  return `${folder}.json`;
}

/** What a process has left that is seen to be dead. A file that cannot be understood is just being written. */
function removeLeftovers(base: string): void {
  for (const name of readdirSync(base)) {
    if (!name.endsWith(".json")) continue;
    const file = path.join(base, name);
    const owner = ownerIn(file);
    if (owner === undefined || livenessOf(owner) !== "dead") continue;
    rmSync(file.slice(0, -".json".length), { recursive: true, force: true });
    rmSync(file, { force: true });
  }
}

function ownerIn(file: string): ProcessIdentity | undefined {
  try {
    const owner = JSON.parse(readFileSync(file, "utf8")) as ProcessIdentity;
    return Number.isSafeInteger(owner.pid) ? owner : undefined;
  } catch {
    return undefined;
  }
}
