// Makes dist/index.js: the plugin with all that it imports, so that it needs nothing that the platform may not have.
import { build } from "esbuild";

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/index.ts"],
  outfile: "dist/index.js",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22.19",
  conditions: ["plinth-source"],
  logLevel: "warning",
});
