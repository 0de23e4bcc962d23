import { defineConfig } from "vitest/config";

/** The check of the packed packages: slow, as it builds, packs and installs them. */
export default defineConfig({
  test: { include: ["scripts/**/*.pack.ts"], testTimeout: 600_000, hookTimeout: 600_000, fileParallelism: false },
});
