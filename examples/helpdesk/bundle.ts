// Makes dist/, or the folder that is named: the helpdesk as one file, which runs with platform.yaml in the folder
// above and without any packages.
import { rmSync } from "node:fs";
import path from "node:path";
import { bundlePlugin } from "@plinth/codegen/esbuild";
import { build } from "esbuild";

const root = import.meta.dirname;
const folder = path.resolve(root, process.argv[2] ?? "dist");
rmSync(folder, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: ["src/main.ts"],
  outfile: path.join(folder, "helpdesk.mjs"),
  conditions: ["plinth-source"],
  legalComments: "linked",
  logLevel: "warning",
  plugins: [bundlePlugin({ root })],
});
