// Makes dist/, or the folder that is named: the helpdesk as one file, which runs with platform.yaml in the folder
// above and without any packages.
import { copyFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { codegenPlugin } from "@plinth/codegen/unplugin";
import { build } from "esbuild";

const root = import.meta.dirname;
const folder = path.resolve(root, process.argv[2] ?? "dist");
rmSync(folder, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: { helpdesk: "src/main.ts" },
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22.19",
  conditions: ["plinth-source"],
  // What pg would rather use is a package that people install besides.
  external: ["pg-native"],
  plugins: [codegenPlugin.esbuild({ root, embed: true })],
  // Packages in CommonJS ask for Node's own modules.
  banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
  legalComments: "linked",
  logLevel: "warning",
});

// PGlite finds these beside the file that it is part of. With a PostgreSQL in database.url they are not needed.
const ofDatabase = createRequire(import.meta.resolve("@plinth/platform"));
const pglite = path.dirname(createRequire(ofDatabase.resolve("@plinth/database")).resolve("@electric-sql/pglite"));
for (const file of ["pglite.wasm", "pglite.data", "initdb.wasm"]) {
  copyFileSync(path.join(pglite, file), path.join(folder, file));
}
