#!/usr/bin/env node
import { existsSync } from "node:fs";
import { enableCompileCache, registerHooks } from "node:module";

enableCompileCache();
// In the repository the command runs from its TypeScript sources; an installed package has only dist.
if (existsSync(new URL("../src/main.ts", import.meta.url))) {
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ["plinth-source", ...context.conditions] }),
  });
  await import("../src/main.ts");
} else {
  await import("../dist/main.js");
}
