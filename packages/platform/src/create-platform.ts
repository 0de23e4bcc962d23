import { checkWiring, loadModules, ModuleLifecycle, type StopReport, unloadModules } from "@plinth/kernel";
import {
  type ModuleHealth,
  PlatformErrors,
  type PlatformEvent,
  type PlatformStatus,
  type ServiceRef,
  type StartReport,
  silentLogger,
  systemClock,
} from "@plinth/module";
import type { ChangeReport } from "./change/change-report.ts";
import { LiveModules, type RefreshOptions } from "./change/live-modules.ts";
import { acceptModules, checkExtensions } from "./check-extensions.ts";
import { registeredFrom } from "./compiled-in.ts";
import { logExtension } from "./logging/log-extension.ts";
import type { AddedModule, PlatformOptions } from "./options.ts";
import { readPlatform } from "./read-platform.ts";
import { runnable } from "./sources/runnable.ts";

/** A platform whose modules have been checked and loaded. */
export interface RunnablePlatform {
  /** Starts all modules. @throws PlatformErrors, the culprit first; what had started has been stopped then. */
  start(): Promise<StartReport>;
  /** Stops all modules in reverse, once, however often it is called. Never rejects. */
  stop(reason?: string): Promise<StopReport>;
  status(): PlatformStatus;
  /**
   * Takes a module in and starts it, with what was waiting for it.
   *
   * @throws PlatformErrors when it is wrong or does not start; all is as it was then.
   */
  add(module: AddedModule): Promise<ChangeReport>;
  /**
   * Stops a module and takes it out, until the platform is started again.
   *
   * @throws PlatformError `CHANGE_STILL_NEEDED` when another module needs it.
   */
  remove(name: string): Promise<ChangeReport>;
  /**
   * Reads a module's manifest, settings and code again, and starts it anew with all that depend on it.
   * Requests to them wait meanwhile. Code that has not changed since it was loaded is not loaded again.
   *
   * @throws PlatformErrors when it is wrong or does not start; the old version runs then.
   */
  reload(name: string): Promise<ChangeReport>;
  /**
   * Looks at everything again: takes in modules that have come, takes out those that have gone, and
   * reloads those whose manifest, settings or files have changed.
   *
   * @throws PlatformErrors as {@link reload} does.
   */
  refresh(options?: RefreshOptions): Promise<ChangeReport>;
  /** The health of all running modules. */
  health(): Promise<readonly ModuleHealth[]>;
  /** Calls `listener` with each event until the returned function is called. */
  onEvent(listener: (event: PlatformEvent) => void): () => void;
  /** A service of a running module; `undefined` when its provider is not running. */
  service<T>(ref: ServiceRef<T>): T | undefined;
  /** The modules and the folders that their code is in. */
  folders(): readonly { readonly name: string; readonly path: string | undefined }[];
  /** The module whose code is running now; `undefined` outside of all. */
  currentModule(): string | undefined;
}

/**
 * Puts a platform together, and checks all of it before anything runs: the whole way of the data,
 * from manifests to modules that wait for their start.
 *
 * @throws PlatformErrors with everything that is wrong.
 */
export async function createPlatform(options: PlatformOptions = {}): Promise<RunnablePlatform> {
  // module.yaml -> Manifest -> ModuleRegistry -> BootPlan
  const read = readPlatform(options, () => lifecycle, true);
  const { plan, prepared } = read;
  const { extensions, sources } = prepared;
  if (plan === undefined) {
    prepared.plugins?.close();
    throw new PlatformErrors([...read.problems, ...(await checkExtensions(extensions, read.modules))]);
  }

  // BootPlan -> loaded modules
  const { clock = systemClock, log = silentLogger } = options;
  const loadedAt = clock.wallTime();
  const modules = await loadModules(plan);
  const problems = [
    ...read.problems,
    ...modules.flatMap(({ loadError, manifest }) => (loadError !== undefined && manifest.critical ? [loadError] : [])),
    ...checkWiring(modules),
    ...(await checkExtensions(extensions, modules)),
  ];
  if (problems.length > 0) {
    await unloadModules(modules);
    prepared.plugins?.close();
    throw new PlatformErrors(problems);
  }
  await acceptModules(extensions, modules);

  // migrated -> running -> announced: by the lifecycle and the extensions' hooks
  const lifecycle = new ModuleLifecycle({
    modules,
    extensions: [logExtension(log), ...extensions],
    limits: { totalStopMs: sources.platform.stop.timeout },
    restart: sources.platform.restart,
    clock,
  });
  for (const notice of read.notices) log.warn({ code: notice.code }, `${notice.message}. ${notice.fix}`);
  const live = new LiveModules(prepared, lifecycle, modules, { clock, loadedAt });
  return {
    start: () =>
      lifecycle.start().catch(async (error: unknown) => {
        await live.close();
        throw error;
      }),
    async stop(reason) {
      const report = await lifecycle.stop(reason);
      await live.close();
      return report;
    },
    add: async (module) => live.add(runnable(registeredFrom(module, prepared.schema), prepared)),
    remove: (name) => live.remove(name),
    reload: (name) => live.reload(name),
    refresh: (options) => live.refresh(options),
    status: () => lifecycle.status(),
    health: () => lifecycle.health(),
    onEvent: (listener) => lifecycle.onEvent(listener),
    service: <T>({ id }: ServiceRef<T>) => lifecycle.service(id) as T | undefined,
    folders: () => live.modules.map(({ manifest, path }) => ({ name: manifest.name, path })),
    currentModule: () => lifecycle.currentModule(),
  };
}
