import { type FSWatcher, statSync, watch } from "node:fs";
import { type PlatformError, platformError } from "@plinth/module";
import type { WatchedNames } from "./watched-folders.ts";

interface Watched {
  readonly watcher: FSWatcher;
  /** What tells the folder from another of the same name, which needs another watcher. */
  readonly identity: string;
}

/** Watches a changing set of folders. */
export class FolderWatcher {
  readonly #watched = new Map<string, Watched>();
  readonly #names = new Map<string, WatchedNames>();
  readonly #onChange: () => void;

  /** @param onChange called for each change of a name that matters, and sometimes for none. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /**
   * Watches these folders, and no others. A change of one that was watched before is not missed.
   *
   * @returns whether folders have been added, and those that cannot be watched.
   */
  follow(folders: ReadonlyMap<string, WatchedNames>): { readonly added: boolean; readonly problems: PlatformError[] } {
    let added = false;
    const problems: PlatformError[] = [];
    for (const [folder, { watcher, identity }] of this.#watched) {
      if (folders.has(folder) && identityOf(folder) === identity) continue;
      watcher.close();
      this.#watched.delete(folder);
    }
    this.#names.clear();
    for (const [folder, names] of folders) {
      this.#names.set(folder, names);
      if (this.#watched.has(folder)) continue;
      try {
        this.#watched.set(folder, this.#watch(folder));
        added = true;
      } catch (cause) {
        const { code, message } = cause as NodeJS.ErrnoException;
        problems.push(platformError("CODEGEN_WATCH", { reason: code ?? message }, { at: [{ file: folder }], cause }));
      }
    }
    return { added, problems };
  }

  close(): void {
    for (const { watcher } of this.#watched.values()) watcher.close();
    this.#watched.clear();
  }

  #watch(folder: string): Watched {
    const watcher = watch(folder, (_, name) => {
      const names = this.#names.get(folder);
      if (name === null || names === undefined || names.has(name)) this.#onChange();
    });
    // A folder that goes away is noticed by who watches the one above it.
    watcher.on("error", () => this.#onChange());
    return { watcher, identity: identityOf(folder) };
  }
}

/** File systems give the number of a folder that is gone to the next one, so its birth counts too. */
function identityOf(folder: string): string {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats === undefined ? "none" : `${stats.ino} ${stats.birthtimeMs}`;
}
