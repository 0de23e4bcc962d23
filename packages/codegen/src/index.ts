export { driftText } from "./drift.ts";
export { FolderWatcher } from "./folder-watcher.ts";
export { type Generated, type GenerateOptions, generate } from "./generate.ts";
export type { GeneratedFile } from "./produce.ts";
export { findRoots, manifestsOf, nearestRoot, type Root, type RootManifests } from "./roots.ts";
export { type WatchOptions, watchRoots } from "./watch.ts";
export { type WatchedNames, watchedFolders } from "./watched-folders.ts";
