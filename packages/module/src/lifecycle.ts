import type { PlatformError } from "./errors/platform-error.ts";

/** A value or a promise of it. */
export type MaybePromise<T> = T | PromiseLike<T>;

/** A hook of a module. `signal` aborts when the hook's budget is spent or the platform gives up. */
export type Hook = (signal: AbortSignal) => MaybePromise<void>;

/** What a health check found. `warn` is shown but does not make the module unready. */
export interface HealthResult {
  readonly status: "pass" | "warn" | "fail";
  readonly message?: string;
}

/** Returns nothing when all is well; throwing or returning `fail` makes the module unready. */
export type HealthCheck = (signal: AbortSignal) => MaybePromise<HealthResult | void>;

/** How a module takes part in start, stop and health. Hooks are registered in `setup`. */
export interface Lifecycle {
  /** Runs after `setup` and the module's migrations; hooks of a module run one after another, in the order registered. */
  onStart(hook: Hook): void;
  /** Runs when all dependents have stopped; in reverse order of registration. May also be called inside `onStart`. */
  onStop(hook: Hook): void;
  /** Adds a check to the module's health. */
  onHealth(check: HealthCheck): void;
  /**
   * Says that the running module cannot go on: it is stopped, its state is `failed` with `error`, and
   * it is started again after a pause, as often as `restart` in platform.yaml allows. Does nothing
   * while the module is not running.
   */
  fail(error: Error): void;
  /**
   * Calls `listener` when a module that this one depends on stops running or runs again, while this
   * one is running.
   */
  onDependency(listener: DependencyListener): void;
  /** Aborts when the module begins to stop, or when its start is given up. */
  readonly signal: AbortSignal;
}

/** Is told of a dependency by name, and whether it runs now. Must not throw. */
export type DependencyListener = (dependency: string, isRunning: boolean) => void;

/** Where a module stands. The legal transitions are one table in the kernel. */
export type ModuleState =
  | "registered"
  | "planned"
  | "loaded"
  | "migrating"
  | "starting"
  | "running"
  | "stopping"
  | "stopped"
  | "failed"
  | "skipped";

/** Where the platform as a whole stands. `degraded`: running without some module that is not critical. */
export type PlatformState =
  | "created"
  | "starting"
  | "running"
  | "degraded"
  | "draining"
  | "stopping"
  | "stopped"
  | "failed";

/** The steps of a module's way that are timed and can fail. */
export type Phase = "load" | "setup" | "migrate" | "start" | "announce" | "run" | "withdraw" | "stop";

/** Everything that the platform tells about itself while it runs. */
export type PlatformEvent =
  | { readonly type: "platform.state"; readonly from: PlatformState; readonly to: PlatformState; readonly at: number }
  | {
      readonly type: "module.state";
      readonly module: string;
      readonly from: ModuleState;
      readonly to: ModuleState;
      readonly at: number;
    }
  | {
      readonly type: "module.failed";
      readonly module: string;
      readonly phase: Phase;
      readonly error: PlatformError;
      readonly at: number;
    }
  /** A start that ended after its timeout; what it had begun has been stopped and discarded. */
  | {
      readonly type: "module.late";
      readonly module: string;
      readonly phase: Phase;
      readonly afterMs: number;
      readonly at: number;
    }
  /** The event loop stood still. `module` is the one whose hook ran, where that is known. */
  | {
      readonly type: "loop.blocked";
      readonly module: string | undefined;
      readonly blockedMs: number;
      readonly at: number;
    };

/** One module as the platform's status shows it. */
export interface ModuleStatus {
  readonly name: string;
  readonly version: string;
  readonly source: ModuleSourceKind;
  readonly state: ModuleState;
  /** Milliseconds since 1970-01-01 UTC of the last change of state. */
  readonly since: number;
  readonly critical: boolean;
  /** How often the module was started again after a failure. */
  readonly restarts: number;
  /** The id of the process that the module runs in, where it has one of its own that is alive. */
  readonly pid: number | undefined;
  /** Set when the module failed itself. */
  readonly error: PlatformError | undefined;
  /** Set when the module was skipped: the module whose failure is the root cause. */
  readonly skippedFor: string | undefined;
}

/** Where a module came from. `platform`: a capability of the host. */
export type ModuleSourceKind = "platform" | "static" | "directory" | "plugin";

/** The platform at one moment. */
export interface PlatformStatus {
  readonly state: PlatformState;
  /** In the order of the boot plan. */
  readonly modules: readonly ModuleStatus[];
}

/** The health of one module: the worst of its checks, and what each said. */
export interface ModuleHealth {
  readonly module: string;
  readonly status: "pass" | "warn" | "fail";
  readonly messages: readonly string[];
  readonly durationMs: number;
}

/** The time one module spent in one phase. Times are milliseconds from the start of the boot. */
export interface Span {
  readonly module: string;
  readonly phase: Phase;
  readonly startMs: number;
  readonly durationMs: number;
}

/** What a start took, and why. */
export interface StartReport {
  readonly state: "running" | "degraded";
  readonly durationMs: number;
  /** In the order in which the phases began. */
  readonly spans: readonly Span[];
  /** The chain of modules whose starts, one after another, made up the duration; the first one first. */
  readonly criticalPath: readonly { readonly module: string; readonly startMs: number; readonly durationMs: number }[];
  /** Modules that failed without being critical, each with those that were skipped for it. */
  readonly failures: readonly {
    readonly module: string;
    readonly error: PlatformError;
    readonly skipped: readonly string[];
  }[];
}
