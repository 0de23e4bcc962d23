import type { ModuleDefinition, ServiceRef } from "@plinth/module";
import { createPlatform, type PlatformOptions, type RunnablePlatform, type StaticModule } from "@plinth/platform";
import { createRecordingLog, type RecordingLog } from "./recording-log.ts";
import { type StandIn, standInModules } from "./stand-in.ts";

/** What a test runs: the modules under test, and stand-ins for what they need. */
export interface TestPlatformOptions extends Omit<PlatformOptions, "modules" | "log"> {
  /** The modules under test, each with its manifest; one with migrations needs its folder too. */
  readonly modules: readonly (ModuleDefinition | StaticModule)[];
  readonly standIns?: readonly StandIn[];
}

/** A started platform for one test. Disposing of it stops it. */
export interface TestPlatform extends AsyncDisposable {
  readonly platform: RunnablePlatform;
  readonly log: RecordingLog;
  /** A service of a running module. @throws Error when nobody provides it. */
  service<T>(ref: ServiceRef<T>): T;
}

/**
 * Starts a platform for one test: it listens on a free port, keeps its database in memory unless the
 * settings say otherwise, reads no environment, and records its log.
 *
 * @throws PlatformErrors when it cannot be put together or started.
 */
export async function startTestPlatform(options: TestPlatformOptions): Promise<TestPlatform> {
  const { modules, standIns = [], settings = {}, ...others } = options;
  const log = createRecordingLog();
  const platform = await createPlatform({
    ...others,
    modules: [...modules, ...standInModules(standIns)],
    settings: { http: { port: 0, drainDelay: "0s" }, database: { dataDir: "memory://" }, ...settings },
    log,
  });
  await platform.start();
  return {
    platform,
    log,
    service<T>(ref: ServiceRef<T>): T {
      const found = platform.service(ref);
      if (found === undefined) throw new Error(`no running module provides the service ${ref.id}`);
      return found;
    },
    async [Symbol.asyncDispose]() {
      const { errors } = await platform.stop("the test has ended");
      if (errors.length > 0) throw new AggregateError(errors, "the platform did not stop cleanly");
    },
  };
}
