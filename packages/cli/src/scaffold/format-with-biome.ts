import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const bin = "node_modules/@biomejs/biome/bin/biome";

/** The Biome that is installed for a folder, absolute; `undefined` where there is none. */
export function findBiome(folder: string): string | undefined {
  const found = path.join(folder, bin);
  if (existsSync(found)) return found;
  return path.dirname(folder) === folder ? undefined : findBiome(path.dirname(folder));
}

/**
 * Gives the files of a folder the looks that the project wants, where the project has Biome installed: its own line
 * width, indentation and order of imports. Without Biome, and where it fails, they stay as they are, which is right by
 * Biome's defaults at 120 columns.
 */
export function formatWithBiome(folder: string): void {
  const biome = findBiome(folder);
  if (biome === undefined) return;
  const args = ["check", "--write", "--linter-enabled=false", "--vcs-enabled=false", folder];
  // Its settings are looked for from the current folder upwards.
  spawnSync(process.execPath, [biome, ...args], { cwd: path.dirname(folder), stdio: "ignore" });
}
