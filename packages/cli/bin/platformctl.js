#!/usr/bin/env node
// In the repository the command runs from its TypeScript sources; an installed package has only dist.
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";

if (existsSync(new URL("../src/main.ts", import.meta.url))) {
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ["plinth-source", ...context.conditions] }),
  });
  await import("../src/main.ts");
} else {
  await import("../dist/main.js");
}
