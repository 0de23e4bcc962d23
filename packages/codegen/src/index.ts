export { type Generated, type GenerateOptions, generate } from "./generate.ts";
export type { GeneratedFile } from "./produce.ts";
export { findRoots, nearestRoot, type Root } from "./roots.ts";
