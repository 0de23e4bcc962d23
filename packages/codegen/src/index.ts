export { driftText } from "./drift.ts";
export { type Generated, type GenerateOptions, generate } from "./generate.ts";
export type { GeneratedFile } from "./produce.ts";
export { findRoots, nearestRoot, type Root } from "./roots.ts";
export { type WatchOptions, watchRoots } from "./watch.ts";
