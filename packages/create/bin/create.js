#!/usr/bin/env node
import { existsSync } from "node:fs";
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`Plinth needs Node.js 22.19 or later, and this is ${process.version}\n`);
  process.exit(2);
}

// In the repository this runs from its TypeScript sources; an installed package has only dist.
if (existsSync(new URL("../src/main.ts", import.meta.url))) {
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ["plinth-source", ...context.conditions] }),
  });
  await import("../src/main.ts");
} else {
  await import("../dist/main.js");
}
