#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`platformctl needs Node.js 22.19 or later, and this is ${process.version}\n`);
  process.exit(2);
}

// An import of a built-in module takes longer, as it makes a namespace of all that is in it.
const { existsSync, readFileSync, statSync } = process.getBuiltinModule("node:fs");
const path = process.getBuiltinModule("node:path");
const module = process.getBuiltinModule("node:module");
const root = path.dirname(import.meta.dirname);
const isRepository = existsSync(path.join(root, "src", "main.ts"));

// What the bundle does not run is run from the packages: in the repository from their sources, else as installed.
if (
  !(
    isUpToDate() &&
    (await module
      .createRequire(import.meta.url)("../bundle/start.cjs")
      .start())
  )
) {
  module.enableCompileCache();
  if (isRepository) {
    module.registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, { ...context, conditions: ["plinth-source", ...context.conditions] }),
    });
  }
  await import(isRepository ? "../src/main.ts" : "../dist/main.js");
}

/** An installed bundle is what it is; in the repository it counts as long as none of its sources has changed. */
function isUpToDate() {
  if (!isRepository) return true;
  try {
    const inputs = JSON.parse(readFileSync(path.join(root, "bundle", "inputs.json"), "utf8"));
    return inputs.every(([file, size, mtimeMs]) => {
      const status = statSync(root + file, { throwIfNoEntry: false });
      return status?.size === size && status.mtimeMs === mtimeMs;
    });
  } catch {
    return false;
  }
}
