import { defineConfig } from "vitest/config";

const conditions = ["plinth-source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "examples/**/*.test.ts", "bench/**/*.test.ts", "scripts/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    globalSetup: ["packages/testing/src/postgres/global-setup.ts"],
    pool: "forks",
    execArgv: ["--conditions=plinth-source"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests with real servers and processes meet whatever else the machine does; here they fail at once, in CI at the second time.
    retry: process.env.CI === undefined ? 0 : 1,
  },
});
