import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { FolderWatcher, type Root, type WatchedNames } from "@plinth/codegen";
import type { PlatformError } from "@plinth/module";
import { changesBetween, type Snapshot, snapshotOf, watchedTree } from "./watched-tree.ts";

/** Files that changed together. */
export interface Changes {
  /** Absolute and sorted. */
  readonly files: readonly string[];
  /** When the first of them was noticed, on the scale of `performance.now()`. */
  readonly seenAt: number;
}

/** Changes that come no further apart than this are one. */
const quietMs = 50;
/** After this a change counts as complete, even if more keeps coming. */
const longestMs = 1_000;

/**
 * Tells which files of a platform have changed. The system's notices only say that it is time to look:
 * what has changed is what differs from how it was looked at last, so that nothing is lost or told twice.
 */
export class ChangeFeed {
  readonly #root: Root;
  readonly #watcher: FolderWatcher;
  readonly #onProblems: (problems: readonly PlatformError[]) => void;
  /** Folders that were told of. */
  readonly #told = new Set<string>();
  /** Folders that were named, and the files for which they were. */
  readonly #others = new Set<string>();
  readonly #otherFiles = new Set<string>();
  /** Folders of the platform itself. */
  #own: ReadonlyMap<string, WatchedNames> = new Map();
  #snapshot: Snapshot = new Map();
  #seenAt: number | undefined;
  #lastAt = 0;
  #noticed = new AbortController();

  /**
   * Begins to watch. What is there already is no change.
   *
   * @param onProblems told, once for each, of folders that cannot be watched.
   */
  constructor(root: Root, onProblems: (problems: readonly PlatformError[]) => void) {
    this.#root = root;
    this.#onProblems = onProblems;
    this.#watcher = new FolderWatcher(() => this.#notice());
    this.take();
  }

  /** Watches these files and their folders too; they have not changed, unless they did after `since` (ms since 1970). */
  alsoWatch(files: readonly string[], since: number): void {
    for (const file of files) this.#otherFiles.add(file);
    const fresh = [...new Set(files.map((file) => path.dirname(file)))].filter((folder) => !this.#others.has(folder));
    if (fresh.length === 0) return;
    for (const folder of fresh) this.#others.add(folder);
    this.#follow(this.#tree());
    const known = snapshotOf(new Map(fresh.map((folder) => [folder, undefined])), new Map());
    const settled = [...known].filter(([, { modifiedAt }]) => modifiedAt < since);
    this.#snapshot = new Map([...settled, ...this.#snapshot]);
    if (settled.length < known.size) this.#notice();
  }

  /** Whether a file lies only beside one that is watched, so that it matters at most to what is being mended. */
  isBeside(file: string): boolean {
    const folder = path.dirname(file);
    const isOwn = this.#own.has(folder) && this.#own.get(folder)?.has(path.basename(file)) !== false;
    return this.#others.has(folder) && !isOwn && !this.#otherFiles.has(file);
  }

  /** Waits until something has changed, and then until it is quiet. `undefined` once `signal` aborts. */
  async next(signal: AbortSignal): Promise<Changes | undefined> {
    while (!signal.aborted) {
      await this.#news(signal);
      await this.#quiet(signal);
      const seenAt = this.#seenAt ?? performance.now();
      const files = this.take();
      if (files.length > 0 && !signal.aborted) return { files, seenAt };
    }
    return undefined;
  }

  /** What has changed up to now. */
  take(): readonly string[] {
    this.#seenAt = undefined;
    this.#noticed = new AbortController();
    // Folders are followed before they are looked at, so that no change falls between the two.
    this.#own = watchedTree(this.#root);
    const tree = this.#tree();
    const added = this.#follow(tree);
    const before = this.#snapshot;
    this.#snapshot = snapshotOf(tree, before);
    // What is in a new folder may itself be new folders.
    if (added && before.size > 0) this.#notice();
    return changesBetween(before, this.#snapshot);
  }

  close(): void {
    this.#watcher.close();
  }

  /** @returns whether folders have been added. */
  #follow(tree: ReadonlyMap<string, WatchedNames>): boolean {
    const { added, problems } = this.#watcher.follow(tree);
    const news = problems.filter(({ at }) => !this.#told.has(at[0]?.file ?? ""));
    for (const { at } of news) this.#told.add(at[0]?.file ?? "");
    if (news.length > 0) this.#onProblems(news);
    return added;
  }

  #tree(): ReadonlyMap<string, WatchedNames> {
    const others = [...this.#others].filter((folder) => existsSync(folder));
    return new Map([...this.#own, ...others.map((folder) => [folder, undefined] as const)]);
  }

  #notice(): void {
    this.#lastAt = performance.now();
    this.#seenAt ??= this.#lastAt;
    this.#noticed.abort();
  }

  async #news(signal: AbortSignal): Promise<void> {
    const news = AbortSignal.any([signal, this.#noticed.signal]);
    if (!news.aborted) await once(news, "abort");
  }

  async #quiet(signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = performance.now();
      const since = this.#seenAt ?? now;
      const wait = Math.min(this.#lastAt + quietMs, since + longestMs) - now;
      if (wait <= 0 || signal.aborted) return;
      await pause(wait, undefined, { signal }).catch(() => {});
    }
  }
}
