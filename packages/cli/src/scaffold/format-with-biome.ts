import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const bin = "node_modules/@biomejs/biome/bin/biome";

/**
 * Gives the files of a folder the looks that the project wants, where the project has Biome installed: its own line
 * width, indentation and order of imports. Without Biome, and where it fails, they stay as they are, which is right by
 * Biome's defaults at 120 columns.
 */
export function formatWithBiome(folder: string): void {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, bin))) {
      const args = ["check", "--write", "--linter-enabled=false", "--vcs-enabled=false", folder];
      // Its settings are looked for from the current folder upwards.
      spawnSync(process.execPath, [path.join(at, bin), ...args], { cwd: path.dirname(folder), stdio: "ignore" });
      return;
    }
    if (path.dirname(at) === at) return;
  }
}
