import {
  type DependencyListener,
  type HealthCheck,
  type Hook,
  type Lifecycle,
  type ModuleFacts,
  type ModuleState,
  type Phase,
  type PlatformError,
  platformError,
} from "@plinth/module";
import type { LoadedModule } from "../loader/load-modules.ts";
import { factsOf } from "./facts.ts";

const none: readonly never[] = [];

/** The end of a phase; it began where the one before it ended. */
export interface PhaseEnd {
  readonly phase: Phase;
  readonly at: number;
}

/** What one module is doing: its state, its hooks, and how long each phase took. */
export class ModuleRun {
  readonly name: string;
  state: ModuleState = "loaded";
  /** Wall-clock time of the last change of state. */
  since: number;
  /** Set when the module failed itself. */
  error: PlatformError | undefined;
  /** Set when the module was skipped: the name of the module that is the root cause. */
  skippedFor: string | undefined;
  /** How often the module was started again after a failure. */
  restarts = 0;
  dependencyListeners: readonly DependencyListener[] = none;
  /** Whether the extensions' hooks before setup have begun, so that theirs after the stop are owed. */
  prepared = false;
  startHooks: readonly Hook[] = none;
  stopHooks: readonly Hook[] = none;
  healthChecks: readonly HealthCheck[] = none;
  /** How many of `stopHooks` were registered before the first start hook ran. */
  stopHooksOfSetup = 0;
  /** When each phase of the start ended, in milliseconds of the clock, in the order of the phases. */
  readonly phaseEnds: PhaseEnd[] = [];
  /** When the start began; `undefined` for a module whose turn has not come. */
  startedAt: number | undefined;
  #module: LoadedModule;
  #facts: Map<string | undefined, ModuleFacts> | undefined;
  #sealed = false;
  #stopSealed = false;
  #controller: AbortController | undefined;
  #aborted: { readonly reason: unknown } | undefined;

  constructor(module: LoadedModule, since: number) {
    this.#module = module;
    this.name = module.manifest.name;
    this.since = since;
  }

  get module(): LoadedModule {
    return this.#module;
  }

  /** Takes the place of the same module in another plan. */
  moveTo(module: LoadedModule): this {
    this.#module = module;
    this.#facts = undefined;
    return this;
  }

  /** Aborts when the module begins to stop or its start is given up. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  /** Aborts {@link signal}, which is made only when somebody asks for it. */
  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#controller?.abort(reason);
  }

  /** Whether the module's start has begun and not ended. */
  get isStarting(): boolean {
    return this.prepared && (this.state === "loaded" || this.state === "migrating" || this.state === "starting");
  }

  /** What an extension that handles the manifest section `key` is told. */
  facts(key: string | undefined): ModuleFacts {
    this.#facts ??= new Map();
    let facts = this.#facts.get(key);
    if (facts === undefined) {
      facts = factsOf(this.module, key);
      this.#facts.set(key, facts);
    }
    return facts;
  }

  /** After this, start hooks and health checks are refused. */
  sealSetup(): void {
    if (this.#sealed) return;
    this.#sealed = true;
    this.stopHooksOfSetup = this.stopHooks.length;
  }

  /** After this, stop hooks are refused too. */
  sealStop(): void {
    this.#stopSealed = true;
  }

  /** When the last phase of the start ended; `undefined` before the first one has. */
  get endedAt(): number | undefined {
    return this.phaseEnds.at(-1)?.at;
  }

  accept(hook: "onStart" | "onStop" | "onHealth" | "onDependency"): void {
    if (hook === "onStop" ? this.#stopSealed : this.#sealed) {
      throw platformError("LIFECYCLE_SEALED", { module: this.name, hook });
    }
  }
}

/** What `setup` of the module gets as `lifecycle`. Its functions may be taken out of it. */
export function lifecycleOf(run: ModuleRun, onFailure: (error: Error) => void): Lifecycle {
  return {
    onStart(hook) {
      run.accept("onStart");
      run.startHooks = [...run.startHooks, hook];
    },
    onStop(hook) {
      run.accept("onStop");
      run.stopHooks = [...run.stopHooks, hook];
    },
    onHealth(check) {
      run.accept("onHealth");
      run.healthChecks = [...run.healthChecks, check];
    },
    onDependency(listener) {
      run.accept("onDependency");
      run.dependencyListeners = [...run.dependencyListeners, listener];
    },
    fail: (error) => onFailure(error),
    get signal() {
      return run.signal;
    },
  };
}
