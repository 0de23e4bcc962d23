import {
  type BootPlan,
  createRegistry,
  type FoundModules,
  type ModuleRegistry,
  type RegisteredModule,
} from "@plinth/kernel";
import { type PlatformError, problemsOf } from "@plinth/module";
import { findModules } from "./find-modules.ts";
import type { PlatformOptions } from "./options.ts";
import { type PreparedPlatform, preparePlatform } from "./prepare-platform.ts";
import { hostVersion } from "./version.ts";

/** The modules of a platform, registered and planned; none of their code has been loaded. */
export interface PlannedPlatform {
  readonly registry: ModuleRegistry;
  /** `undefined` when the modules cannot be put in order. */
  readonly plan: BootPlan | undefined;
  /** In plan order where there is one, else by name. */
  readonly modules: readonly RegisteredModule[];
  /** What is wrong with manifests and graph; what settings and other extensions find comes from their checks. */
  readonly problems: readonly PlatformError[];
  /** What is worth saying though nothing is refused. */
  readonly notices: readonly PlatformError[];
}

/** A platform that has been read and planned. */
export interface ReadPlatform extends PlannedPlatform {
  readonly prepared: PreparedPlatform;
}

/**
 * Reads settings and manifests, registers the modules and resolves the plan: the first half of the
 * way of the data. Throws nothing for what people wrote: all problems are in `problems`.
 *
 * @param willRun whether the modules' code will be loaded, and not only looked at.
 */
export function readPlatform(
  options: PlatformOptions,
  host: Parameters<typeof preparePlatform>[1],
  willRun: boolean,
): ReadPlatform {
  const prepared = preparePlatform(options, host, willRun);
  return { prepared, ...planModules(prepared, findModules(prepared)) };
}

/** Registers modules and puts them in order. Throws nothing for what people wrote. */
export function planModules(prepared: PreparedPlatform, found: FoundModules): PlannedPlatform {
  const { only } = prepared.options;
  const takesPart = ({ source, manifest }: RegisteredModule) =>
    source === "platform" || only?.includes(manifest.name) !== false;
  const leftOut = found.modules.filter((module) => !takesPart(module)).map(({ manifest }) => manifest.name);
  prepared.leftOut = [...found.refused, ...leftOut];
  const registry = createRegistry({ hostVersion });
  for (const module of found.modules) if (takesPart(module)) registry.register(module);
  const { plan, problems } = resolve(registry, found.refused);
  return {
    registry,
    plan,
    modules: plan?.modules ?? registry.list(),
    problems: [...found.problems, ...problems],
    notices: found.notices ?? [],
  };
}

function resolve(registry: ModuleRegistry, refused: readonly string[]) {
  try {
    return { plan: registry.resolve({ refused }), problems: [] };
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return { plan: undefined, problems };
  }
}
