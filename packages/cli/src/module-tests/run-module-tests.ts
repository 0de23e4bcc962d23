import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { databaseTemplate } from "@plinth/database";
import type { PlannedModule } from "@plinth/kernel";
import { withDependencies } from "./closure.ts";
import { type ModuleTestOptions, type ModuleTestResult, runModuleTest } from "./run-module-test.ts";

/** What is tested, and how. */
export interface ModuleTestsOptions extends ModuleTestOptions {
  /** The platform's root, absolute. */
  readonly root: string;
  /** Settings that were given by `--set`. */
  readonly set: readonly string[];
  readonly withOptional: boolean;
  /** How many tests run at one time. */
  readonly jobs: number;
  /** Is told when the test of a module begins, and when it has ended. */
  readonly onProgress: (module: string, result: ModuleTestResult | undefined) => void;
}

/**
 * Tests modules side by side, each in a process of its own with a throwaway database.
 *
 * @param plan all modules of the platform.
 * @returns the results in the order of `modules`.
 */
export async function runModuleTests(
  modules: readonly PlannedModule[],
  plan: readonly PlannedModule[],
  { root, set, withOptional, jobs, onProgress, ...options }: ModuleTestsOptions,
): Promise<readonly ModuleTestResult[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "plinth-test-"));
  const results: ModuleTestResult[] = [];
  let next = 0;
  try {
    const templateCache = await templateCacheIn(folder);
    await Promise.all(Array.from({ length: Math.min(jobs, modules.length) }, work));
    return results;

    async function work(): Promise<void> {
      for (let index = next++; index < modules.length; index = next++) {
        const module = modules[index] as PlannedModule;
        const { name } = module.manifest;
        onProgress(name, undefined);
        const databaseFolder = path.join(folder, name);
        const only = withDependencies(module, plan, withOptional);
        const result = await runModuleTest({ module: name, only, root, set, databaseFolder, templateCache }, options);
        rmSync(databaseFolder, { recursive: true, force: true });
        results[index] = result;
        onProgress(name, result);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Makes what databases are copied from: where it can be kept for the next time, else for this time alone. */
async function templateCacheIn(folder: string): Promise<string | undefined> {
  try {
    await databaseTemplate();
    return undefined;
  } catch {
    const cache = path.join(folder, ".template");
    await databaseTemplate(cache);
    return cache;
  }
}
