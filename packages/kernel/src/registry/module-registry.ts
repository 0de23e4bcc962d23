import type { BootPlan, RegisteredModule } from "../plan/boot-plan.ts";
import { type ResolveOptions, resolvePlan } from "../plan/resolve-plan.ts";

/** The modules that a platform is made of, before they are put in order. */
export interface ModuleRegistry {
  /** Takes a module in. Never throws: what is wrong with the modules together is found by {@link resolve}. */
  register(module: RegisteredModule): void;
  /** The module of a name; of several with one name, the one of the platform, else the one registered first. */
  get(name: string): RegisteredModule | undefined;
  /** All modules by name, those of one name in the order of registration. */
  list(): readonly RegisteredModule[];
  /**
   * Puts the modules in the order in which they start.
   *
   * @param options.refused names of modules whose manifests were refused, which are not reported as missing.
   * @throws PlatformErrors with all problems, as {@link resolvePlan} does.
   */
  resolve(options?: Pick<ResolveOptions, "refused">): BootPlan;
}

/** What a registry holds its modules against. */
export interface RegistryOptions {
  /** The version of the host's API, which `platform:` in a manifest asks for. */
  readonly hostVersion: string;
}

/** Makes an empty registry. */
export function createRegistry({ hostVersion }: RegistryOptions): ModuleRegistry {
  const modules: RegisteredModule[] = [];
  const byName = new Map<string, RegisteredModule>();
  return {
    register(module) {
      const { name } = module.manifest;
      const present = byName.get(name);
      const isKept = present === undefined || (module.source === "platform" && present.source !== "platform");
      if (isKept) byName.set(name, module);
      modules.push(module);
    },
    get: (name) => byName.get(name),
    list: () => modules.toSorted((a, b) => compare(a.manifest.name, b.manifest.name)),
    resolve: (options) => resolvePlan(modules, { ...options, hostVersion }),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
