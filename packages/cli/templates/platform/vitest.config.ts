import { defineConfig } from "vitest/config";

// A database in memory takes some seconds on a busy machine.
export default defineConfig({ test: { testTimeout: 30_000 } });
