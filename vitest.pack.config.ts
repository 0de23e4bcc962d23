import { defineConfig } from "vitest/config";

// What is checked are the packed packages; the list of commands and the shapes of what they print are the sources' own.
const conditions = ["plinth-source"];

/** The check of the packed packages: slow, as it builds, packs and installs them. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["scripts/**/*.pack.ts"],
    execArgv: ["--conditions=plinth-source"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
