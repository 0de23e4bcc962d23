import { type Clock, systemClock, type Timer } from "@plinth/module";
import { FolderWatcher } from "./folder-watcher.ts";
import { type Generated, generate } from "./generate.ts";
import type { Root } from "./roots.ts";
import { watchedFolders } from "./watched-folders.ts";

/** How long changes are gathered before sources are generated: editors save in several steps. */
const gatheringMs = 50;

export interface WatchOptions {
  /** Ends the watching. */
  readonly signal: AbortSignal;
  /** Called after the first run on each root, and after each later one that did or found something. */
  readonly onRun: (generated: Generated) => void;
  /** Default: the machine's time. */
  readonly clock?: Clock;
}

/**
 * Generates the sources of all roots, and again whenever something that they follow from has changed,
 * until `signal` aborts. What is wrong is reported and waited out.
 */
export async function watchRoots(
  roots: readonly Root[],
  { signal, onRun, clock = systemClock }: WatchOptions,
): Promise<void> {
  const closers = roots.map((root) => watchRoot(root, onRun, clock));
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  for (const close of closers) close();
}

/** @returns what ends it. */
function watchRoot(root: Root, onRun: WatchOptions["onRun"], clock: Clock): () => void {
  let timer: Timer | undefined;
  let told: string | undefined;
  const watcher = new FolderWatcher(() => {
    timer ??= clock.timer(gatheringMs, run);
  });

  function run(): void {
    timer = undefined;
    // Folders are followed before they are read, so that no change falls between the two.
    const followed = watcher.follow(watchedFolders(root));
    const generated = generate(root);
    const problems = [...generated.problems, ...followed.problems];
    const isNews = generated.files.some(({ status }) => status === "written");
    const text = problems.map(({ code, message, at }) => JSON.stringify([code, message, at])).join("\n");
    if (isNews || text !== told) onRun({ ...generated, problems });
    told = text;
    // What is in a new folder may have changed before it was followed.
    if (followed.added) timer ??= clock.timer(gatheringMs, run);
  }

  run();
  return () => {
    timer?.cancel();
    watcher.close();
  };
}
