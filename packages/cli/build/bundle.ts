// Writes packages/cli/bundle: the commands that only look at a platform, with everything that they need.
//
//   start.cjs     gives an answer that is known already
//   program.cjs   the command line: what there is to call, and its help
//   parts.cjs     what the commands do, loaded when one is run
//
// CommonJS, as an ES module that imports built-in ones takes milliseconds more to start. Runs before the package is
// packed, by npm run build, and after an install in the repository.
import { createHash } from "node:crypto";
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, type BuildResult, build } from "esbuild";
import { ownVersion } from "../src/own-version.ts";
import { isOurs, packages, root, src } from "./places.ts";
import { lazyProcesses, leaveOut, parts, sharedWithProgram, trace, withoutEffects } from "./plugins.ts";

const folder = path.join(root, "bundle");

/** As long as the id that takes its place. */
const placeholder = "bundle-id-000000";

const common = {
  absWorkingDir: root,
  outdir: folder,
  outExtension: { ".js": ".cjs" },
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node22.19",
  conditions: ["plinth-source"],
  external: ["oxc-parser", "./program.cjs", "./parts.cjs"],
  define: {
    bundleId: JSON.stringify(placeholder),
    bundleVersion: JSON.stringify(ownVersion()),
    "import.meta.url": "ownUrl",
    "import.meta.dirname": "__dirname",
    "import.meta.filename": "__filename",
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "external",
  metafile: true,
  write: false,
  logLevel: "warning",
  // import.meta.resolve is for code that runs a platform.
  logOverride: { "empty-import-meta": "silent" },
} as const satisfies BuildOptions;
const banner = { js: 'const ownUrl = require("node:url").pathToFileURL(__filename).href;' };

await writeBundle();

async function writeBundle(): Promise<void> {
  const began = Date.now();
  const started = await build({ ...common, entryPoints: { start: path.join(src, "bundled/start.ts") } });
  const later = parts();
  const program = await build({
    ...common,
    banner,
    entryPoints: { program: path.join(src, "bundled/program-entry.ts") },
    plugins: [later.plugin, leaveOut, trace, lazyProcesses, withoutEffects],
  });
  refuseHeavy(Object.keys(program.metafile.inputs));
  const rest = await build({
    ...common,
    banner,
    stdin: { contents: later.entry(), resolveDir: src, sourcefile: "parts.ts" },
    entryNames: "parts",
    plugins: [sharedWithProgram, leaveOut, withoutEffects],
  });

  const results = [started, program, rest];
  const files = results.flatMap(({ outputFiles }) => outputFiles);
  const hash = createHash("sha256");
  for (const { path, contents } of files) hash.update(path).update(contents);
  const id = hash.digest("hex").slice(0, placeholder.length);
  const made = `${folder}.${process.pid}`;
  mkdirSync(made);
  for (const { path: file, text } of files) {
    writeFileSync(path.join(made, path.basename(file)), text.replaceAll(placeholder, id));
  }
  writeFileSync(path.join(made, "inputs.json"), JSON.stringify(inputs(results, began)));
  // Other processes may be running the old one.
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
}

/** The program is loaded for every command and its help, so nothing else may be in it than they need. */
function refuseHeavy(inputs: readonly string[]): void {
  const light = [root, path.join(packages, "module"), path.join("node_modules", "commander")];
  const heavy = inputs.filter(
    (file) => !file.includes(":") && !light.some((place) => path.resolve(root, file).includes(`${place}${path.sep}`)),
  );
  if (heavy.length === 0) return;
  throw new Error(`every command would load ${heavy.join(", ")}: what needs them must be imported where it is used`);
}

/** Our own sources in the bundle, and what decides which other packages are in it, with what tells a change of them. */
function inputs(
  results: readonly BuildResult<{ metafile: true }>[],
  began: number,
): readonly (readonly [file: string, size: number, mtimeMs: number])[] {
  const sources = results
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .filter((file) => !file.includes(":"))
    .map((file) => path.resolve(root, file))
    .filter((file) => isOurs(file) && file !== path.join(src, "parts.ts"));
  const others = [
    path.join(root, "package.json"),
    path.resolve(packages, "..", "package-lock.json"),
    import.meta.filename,
  ];
  return [...new Set([...sources, ...others])].map((file) => {
    const { size, mtimeMs } = statSync(file);
    // A source that was changed meanwhile may be in the bundle as it was before.
    return [`${path.sep}${path.relative(root, file)}`, mtimeMs < began ? size : -1, mtimeMs];
  });
}
