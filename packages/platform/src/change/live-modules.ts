import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import {
  checkWiring,
  type FoundModules,
  type LoadedModule,
  loadModule,
  type ModuleLifecycle,
  nearest,
  type PlannedModule,
  type RegisteredModule,
  unloadModules,
} from "@plinth/kernel";
import { type Clock, PlatformErrors, platformError } from "@plinth/module";
import { acceptModules, checkExtensions } from "../check-extensions.ts";
import { findModules } from "../find-modules.ts";
import type { PreparedPlatform } from "../prepare-platform.ts";
import { planModules } from "../read-platform.ts";
import type { ChangeReport } from "./change-report.ts";
import { changedSince, contentHash } from "./folder-state.ts";
import { sameModule } from "./same-module.ts";

/** What a refresh takes for changed besides what is. */
export interface RefreshOptions {
  /** Names of modules whose code is loaded anew though nothing in their folders has changed. Default none. */
  readonly anew?: readonly string[];
}

/** The modules of a running platform, and the ways in which they may change. Changes are made one after another. */
export class LiveModules {
  readonly #prepared: PreparedPlatform;
  readonly #lifecycle: ModuleLifecycle;
  readonly #clock: Clock;
  #modules: readonly LoadedModule[];
  #byName: ReadonlyMap<string, LoadedModule>;
  /** When the modules of the start were loaded, in milliseconds since 1970-01-01 UTC. */
  readonly #loadedAt: number;
  /** What was in the folders of those that were loaded later. */
  readonly #contents = new Map<string, string>();
  /** Modules that were added by the program, which no source has. */
  readonly #added = new Map<string, RegisteredModule>();
  /** Names of modules that were removed though a source still has them. */
  readonly #removed = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  /** @param modules as they were loaded; at `loadedAt`, in milliseconds since 1970-01-01 UTC. */
  constructor(
    prepared: PreparedPlatform,
    lifecycle: ModuleLifecycle,
    modules: readonly LoadedModule[],
    { clock, loadedAt }: { readonly clock: Clock; readonly loadedAt: number },
  ) {
    this.#prepared = prepared;
    this.#lifecycle = lifecycle;
    this.#clock = clock;
    this.#modules = modules;
    this.#byName = byName(modules);
    this.#loadedAt = loadedAt;
  }

  /** All modules, in plan order. */
  get modules(): readonly LoadedModule[] {
    return this.#modules;
  }

  /** Takes in a module that no source has. */
  add(module: RegisteredModule): Promise<ChangeReport> {
    return this.#inTurn(async () => {
      const { name } = module.manifest;
      if (this.#find(name) !== undefined) throw platformError("CHANGE_MODULE_KNOWN", { module: name });
      const report = await this.#change(only([...this.#modules, module]), new Set());
      this.#added.set(name, module);
      this.#removed.delete(name);
      return report;
    });
  }

  remove(name: string): Promise<ChangeReport> {
    return this.#inTurn(async () => {
      const { index } = this.#need(name);
      const needing = this.#modules.filter(
        ({ dependencies, manifest }) =>
          dependencies.includes(index) && manifest.dependencies.some((one) => one.name === name && !one.optional),
      );
      if (needing.length > 0) {
        const dependents = needing.map(({ manifest }) => `"${manifest.name}"`).join(", ");
        throw platformError("CHANGE_STILL_NEEDED", { module: name, dependents });
      }
      const report = await this.#change(only(this.#modules.filter((module) => module.index !== index)), new Set());
      if (!this.#added.delete(name)) this.#removed.add(name);
      return report;
    });
  }

  reload(name: string): Promise<ChangeReport> {
    return this.#inTurn(() => {
      this.#need(name);
      this.#prepared.readSettings();
      const found = this.#look();
      const mine = found.modules.find(({ manifest }) => manifest.name === name);
      const modules = this.#modules.map((module) => (module.manifest.name === name ? (mine ?? module) : module));
      const problems = mine === undefined ? found.problems : [];
      return this.#change({ modules, refused: found.refused, problems }, new Set([name]));
    });
  }

  refresh({ anew = [] }: RefreshOptions = {}): Promise<ChangeReport> {
    return this.#inTurn(() => {
      this.#prepared.readSettings();
      return this.#change(this.#look(), new Set(), new Set(anew));
    });
  }

  /** Lets go of what loading the modules has made, once. To be called when the platform has stopped. */
  close(): Promise<void> {
    this.#closed ??= this.#turn.then(async () => {
      await unloadModules(this.#modules);
      this.#prepared.plugins?.close();
    });
    return this.#closed;
  }

  /** What sources have now, with what the program added and without what it removed. */
  #look(): FoundModules {
    const found = findModules(this.#prepared, { fromDisk: true });
    const modules = found.modules.filter(({ manifest }) => !this.#removed.has(manifest.name));
    return { ...found, modules: [...modules, ...this.#added.values()] };
  }

  async #change(
    found: FoundModules,
    forced: ReadonlySet<string>,
    anew: ReadonlySet<string> = new Set(),
  ): Promise<ChangeReport> {
    const began = this.#clock.now();
    const prepared = this.#prepared;
    const { plan, problems } = planModules(prepared, found);
    if (problems.length > 0 || plan === undefined) throw new PlatformErrors([...problems]);
    const contents = new Map<string, string>();
    const modules = await Promise.all(plan.modules.map((module) => this.#load(module, forced, anew, contents)));
    const fresh = modules.filter((module) => module.code !== this.#find(module.manifest.name)?.code);
    try {
      const wrong = [
        ...fresh.flatMap(({ loadError }) => loadError ?? []),
        ...checkWiring(modules),
        ...(await checkExtensions(prepared.extensions, modules)),
      ];
      if (wrong.length > 0) throw new PlatformErrors(wrong);
      const renewed = this.#renewed(modules, forced);
      const { restarted, errors } = await this.#lifecycle.change({
        modules,
        renewed,
        accept: async (accepted) => {
          // Extensions take in what they have checked last.
          if (accepted !== modules) await checkExtensions(prepared.extensions, accepted);
          await acceptModules(prepared.extensions, accepted);
        },
      });
      const before = this.#modules;
      this.#modules = modules;
      this.#byName = byName(modules);
      for (const [name, hash] of contents) this.#contents.set(name, hash);
      await this.#letGo(before);
      const names = modules.map(({ manifest }) => manifest.name);
      const formerNames = before.map(({ manifest }) => manifest.name);
      return {
        added: names.filter((name) => !formerNames.includes(name)),
        removed: formerNames.filter((name) => !names.includes(name)),
        reloaded: names.filter((name) => renewed.has(name)),
        restarted: restarted.filter((name) => !renewed.has(name)),
        durationMs: this.#clock.now() - began,
        errors,
      };
    } catch (thrown) {
      await this.#letGo(fresh);
      throw thrown;
    }
  }

  /** Lets go of the code, and of the copies of plugins, that no module has any more. */
  async #letGo(modules: readonly LoadedModule[]): Promise<void> {
    const codes = new Set(this.#modules.map(({ code }) => code));
    const paths = new Set(this.#modules.map(({ path }) => path));
    await unloadModules(modules.filter(({ code }) => !codes.has(code)));
    for (const module of modules) {
      if (module.source === "plugin" && !paths.has(module.path)) this.#prepared.plugins?.release(module);
    }
  }

  /** A module that is as it was keeps its code. */
  #load(
    module: PlannedModule,
    forced: ReadonlySet<string>,
    anew: ReadonlySet<string>,
    contents: Map<string, string>,
  ): Promise<LoadedModule> | LoadedModule {
    const { name } = module.manifest;
    const former = this.#find(name);
    const mayKeep = former?.source === "platform" || !anew.has(name);
    if (former !== undefined && mayKeep && (former.source === "platform" || this.#isUnchanged(former, module))) {
      const again = forced.has(name) && (module.load !== undefined || former.loadError !== undefined);
      if (!again) return { ...module, ...pick(former) };
    }
    if (module.path !== undefined) contents.set(name, contentHash(module.path));
    return loadModule(module, { anew: new Set([name]) });
  }

  #isUnchanged(former: LoadedModule, module: PlannedModule): boolean {
    const { path, manifest, source } = former;
    if (!sameModule(former, module)) return false;
    if (path === undefined || source === "plugin") return true;
    // Compiled in, and without the folder that it came from: there is nothing that could have changed.
    if (module.source === "static" && !existsSync(path)) return true;
    const contents = this.#contents.get(manifest.name);
    return contents === undefined ? !changedSince(path, this.#loadedAt) : contents === contentHash(path);
  }

  /** Those whose code or manifest is another, those that were asked for, and those whose settings have changed. */
  #renewed(modules: readonly LoadedModule[], forced: ReadonlySet<string>): Set<string> {
    const renewed = new Set<string>();
    for (const module of modules) {
      const { name } = module.manifest;
      const former = this.#find(name);
      if (former === undefined || module.source === "platform") continue;
      const { accepted, checked } = this.#prepared.settings;
      const sameSettings = isDeepStrictEqual(accepted()?.forModule(name), checked()?.forModule(name));
      const sameCode = module.code === former.code && sameModule(former, module);
      if (!sameCode || !sameSettings || forced.has(name)) renewed.add(name);
    }
    return renewed;
  }

  #find(name: string): LoadedModule | undefined {
    return this.#byName.get(name);
  }

  /** @throws PlatformError for a module that is not there, or that is the platform's own. */
  #need(name: string): LoadedModule {
    const module = this.#find(name);
    if (module === undefined) {
      const near = nearest(
        name,
        this.#modules.map(({ manifest }) => manifest.name),
      );
      const hint = near === undefined ? "See platformctl modules list." : `Did you mean "${near}"?`;
      throw platformError("CHANGE_NO_MODULE", { module: name, hint });
    }
    if (module.source === "platform") throw platformError("CHANGE_OWN_MODULE", { module: name });
    return module;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const made = this.#turn.then(work);
    this.#turn = made.catch(() => {});
    return made;
  }
}

function byName(modules: readonly LoadedModule[]): ReadonlyMap<string, LoadedModule> {
  return new Map(modules.map((module) => [module.manifest.name, module]));
}

function only(modules: readonly RegisteredModule[]): FoundModules {
  return { modules, refused: [], problems: [] };
}

function pick({ definition, code, loadError, loadMs }: LoadedModule) {
  return { definition, code, loadError, loadMs };
}
