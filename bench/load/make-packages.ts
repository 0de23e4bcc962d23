import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const packages = path.resolve(import.meta.dirname, "../../packages");

/**
 * Makes packages of Plinth in a folder's `node_modules`, as JavaScript, one file each, with the packages of others
 * outside: otherwise the bench would measure how Node reads TypeScript.
 */
export async function makePackages(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const home = path.join(folder, "node_modules/@plinth", name);
    await build({
      entryPoints: [path.join(packages, name, "src/index.ts")],
      outfile: path.join(home, "index.js"),
      bundle: true,
      format: "esm",
      platform: "node",
      packages: "external",
      logLevel: "warning",
    });
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, "package.json"), JSON.stringify({ type: "module", exports: "./index.js" }));
  }
}
