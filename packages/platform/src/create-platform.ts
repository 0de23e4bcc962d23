import { checkWiring, loadModules, ModuleLifecycle, type StopReport } from "@plinth/kernel";
import {
  type ModuleHealth,
  PlatformErrors,
  type PlatformEvent,
  type PlatformStatus,
  type ServiceRef,
  type StartReport,
  silentLogger,
} from "@plinth/module";
import { checkExtensions } from "./check-extensions.ts";
import { logExtension } from "./logging/log-extension.ts";
import type { PlatformOptions } from "./options.ts";
import { readPlatform } from "./read-platform.ts";

/** A platform whose modules have been checked and loaded. */
export interface RunnablePlatform {
  /** Starts all modules. @throws PlatformErrors, the culprit first; what had started has been stopped then. */
  start(): Promise<StartReport>;
  /** Stops all modules in reverse, once, however often it is called. Never rejects. */
  stop(reason?: string): Promise<StopReport>;
  status(): PlatformStatus;
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
  const read = readPlatform(options, () => lifecycle);
  const { plan, extensions } = read;
  if (plan === undefined)
    throw new PlatformErrors([...read.problems, ...(await checkExtensions(extensions, read.modules))]);

  // BootPlan -> loaded modules
  const modules = await loadModules(plan);
  const problems = [
    ...read.problems,
    ...modules.flatMap(({ loadError, manifest }) => (loadError !== undefined && manifest.critical ? [loadError] : [])),
    ...checkWiring(modules),
    ...(await checkExtensions(extensions, modules)),
  ];
  if (problems.length > 0) throw new PlatformErrors(problems);

  // migrated -> running -> announced: by the lifecycle and the extensions' hooks
  const lifecycle = new ModuleLifecycle({
    modules,
    extensions: [logExtension(options.log ?? silentLogger), ...extensions],
    limits: { totalStopMs: read.sources.platform.stop.timeout },
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  return {
    start: () => lifecycle.start(),
    stop: (reason) => lifecycle.stop(reason),
    status: () => lifecycle.status(),
    health: () => lifecycle.health(),
    onEvent: (listener) => lifecycle.onEvent(listener),
    service: <T>({ id }: ServiceRef<T>) => lifecycle.service(id) as T | undefined,
    folders: () => modules.map(({ manifest, path }) => ({ name: manifest.name, path })),
    currentModule: () => lifecycle.currentModule(),
  };
}
