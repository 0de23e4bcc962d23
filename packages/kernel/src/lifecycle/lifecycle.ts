import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Clock,
  type Extension,
  type ModuleHealth,
  type PlatformError,
  PlatformErrors,
  type PlatformEvent,
  type PlatformState,
  type PlatformStatus,
  platformError,
  type StartReport,
  systemClock,
} from "@plinth/module";
import type { LoadedModule } from "../loader/load-modules.ts";
import type { Services } from "../wiring/connect.ts";
import type { Attempt } from "./attempt.ts";
import { type ChangeOutcome, changeModules, type ModuleChange } from "./change-modules.ts";
import { Deadlines } from "./deadlines.ts";
import { byHook, type Engine } from "./engine.ts";
import { EventStream } from "./events.ts";
import { checkHealth } from "./health.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { ModuleRun } from "./module-run.ts";
import { statusOf } from "./module-status.ts";
import { Recovery } from "./recovery.ts";
import { startReport } from "./report.ts";
import { defaultRestartPolicy, type RestartPolicy } from "./restarts.ts";
import { reasonOf } from "./start-module.ts";
import { startModules, undoStart } from "./start-modules.ts";
import { stopModules } from "./stop-modules.ts";
import { within } from "./within.ts";

export interface LifecycleOptions {
  /** In plan order, as the loader returns them. */
  readonly modules: readonly LoadedModule[];
  /** Their hooks run in this order, and in reverse on the way down. */
  readonly extensions?: readonly Extension[];
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
  readonly restart?: RestartPolicy;
}

/** What a stop left to say. */
export interface StopReport {
  readonly durationMs: number;
  /** Everything that failed on the way, in the order in which it happened. */
  readonly errors: readonly PlatformError[];
}

/**
 * Starts modules in dependency order and in parallel, and stops them in reverse. While they run, some
 * may come, go, be exchanged or fail; such changes are made one after another.
 */
export class ModuleLifecycle {
  readonly #engine: Engine;
  readonly #recovery: Recovery;
  #state: PlatformState = "created";
  /** The start of modules that is under way, or the last one. */
  #attempt: Attempt | undefined;
  /** Why nothing may start any more. */
  #ending: PlatformError | undefined;
  #starting: Promise<StartReport> | undefined;
  #stopping: Promise<StopReport> | undefined;
  /** Resolves when the changes that have been asked for are made. */
  #changes: Promise<void> = Promise.resolve();

  constructor({ modules, extensions = [], clock = systemClock, limits = {}, restart }: LifecycleOptions) {
    const now = clock.wallTime();
    this.#engine = {
      clock,
      events: new EventStream(),
      extensions,
      hooking: byHook(extensions),
      limits: { ...defaultLimits, ...limits },
      services: new Map() as Services,
      attribution: new AsyncLocalStorage(),
      deadlines: new Deadlines(clock),
      runs: modules.map((module) => new ModuleRun(module, now)),
      failed: (run, error) => this.#recovery.failed(run, error),
    };
    this.#recovery = new Recovery({
      engine: this.#engine,
      policy: restart ?? defaultRestartPolicy,
      inTurn: (work) => void this.#inTurn(work).catch(() => {}),
      onAttempt: (attempt) => this.#begin(attempt),
    });
  }

  /**
   * Starts all modules. May be called once.
   *
   * @throws PlatformErrors when a critical module failed or the start was interrupted: the culprit
   * first, then every other error. What had started has been stopped again by then.
   */
  start(): Promise<StartReport> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /**
   * Stops all modules, at once or, while they start, by giving the start up. Later calls return the
   * same promise. Never rejects.
   *
   * @param reason said in the error of a start that is interrupted.
   */
  stop(reason = "stop was called"): Promise<StopReport> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  /**
   * Changes the modules while the others run on: see {@link changeModules}.
   *
   * @throws PlatformError `CHANGE_NOT_RUNNING` unless the platform runs.
   * @throws PlatformErrors when the change was taken back, the culprit first.
   */
  change(change: ModuleChange): Promise<ChangeOutcome> {
    return this.#inTurn(() => changeModules(this.#engine, change, (attempt) => this.#begin(attempt)));
  }

  /** The platform at this moment; modules in plan order. */
  status(): PlatformStatus {
    return { state: this.#state, modules: this.#engine.runs.map(statusOf) };
  }

  /** The health of all running modules, checked side by side, in plan order. Never rejects. */
  health(): Promise<readonly ModuleHealth[]> {
    const { clock, deadlines, limits, runs } = this.#engine;
    const running = runs.filter((run) => run.state === "running");
    return Promise.all(running.map((run) => checkHealth(run, clock, deadlines, limits.healthMs)));
  }

  /** Calls `listener` with each event from now on, until the returned function is called. It must not throw. */
  onEvent(listener: (event: PlatformEvent) => void): () => void {
    return this.#engine.events.listen(listener);
  }

  /** The module whose code is running now, also after an await in it; `undefined` outside of all modules. */
  currentModule(): string | undefined {
    return this.#engine.attribution.getStore();
  }

  /** A service that a running module provides, by its id; `undefined` when there is none. */
  service(id: string): unknown {
    return this.#engine.services.get(id);
  }

  async #start(): Promise<StartReport> {
    const { clock } = this.#engine;
    if (this.#ending !== undefined) throw new PlatformErrors([this.#ending]);
    const began = clock.now();
    this.#enter("starting");
    const starting = startModules(this.#engine);
    this.#begin(starting.attempt);
    await starting.ended;
    const culprit = starting.attempt.givenUp;
    if (culprit !== undefined) {
      this.#enter("stopping");
      const others = await undoStart(this.#engine, starting, culprit);
      this.#enter("failed");
      throw new PlatformErrors([culprit, ...others]);
    }
    const report = startReport(this.#engine.runs, began, clock.now());
    this.#enter(report.state);
    return report;
  }

  async #stop(reason: string): Promise<StopReport> {
    const { clock, runs } = this.#engine;
    const began = clock.now();
    const ending = platformError("START_INTERRUPTED", { reason });
    this.#ending = ending;
    this.#recovery.close();
    if (this.#starting === undefined) {
      this.#enter("stopped");
      return { durationMs: 0, errors: [] };
    }
    this.#attempt?.giveUp(ending, runs);
    const failed = await this.#starting.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (failed !== undefined) {
      const errors = failed instanceof PlatformErrors ? failed.errors.filter((error) => error !== ending) : [];
      return { durationMs: clock.now() - began, errors };
    }
    await this.#changes;
    this.#enter("draining");
    const errors = await this.#drain();
    this.#enter("stopping");
    errors.push(...(await stopModules(this.#engine)));
    this.#enter(errors.length === 0 ? "stopped" : "failed");
    return { durationMs: clock.now() - began, errors };
  }

  /** Lets the extensions withdraw the platform from traffic, side by side. */
  async #drain(): Promise<PlatformError[]> {
    const { clock, extensions, limits } = this.#engine;
    const controller = new AbortController();
    const errors: PlatformError[] = [];
    const drains = extensions.map(async (extension) => {
      try {
        await extension.drain?.(controller.signal);
      } catch (cause) {
        errors.push(platformError("DRAIN_FAILED", { extension: extension.name, reason: reasonOf(cause) }, { cause }));
      }
    });
    if (!(await within(clock, limits.totalStopMs, Promise.all(drains)))) {
      controller.abort();
      errors.push(platformError("DRAIN_TIMEOUT", { limit: limits.totalStopMs }));
    }
    return errors;
  }

  /** Notes a start that is under way; it is given up at once when the platform is stopping. */
  #begin(attempt: Attempt): void {
    this.#attempt = attempt;
    if (this.#ending !== undefined) attempt.giveUp(this.#ending, this.#engine.runs);
  }

  /** Makes a change when those before it are made. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const made = this.#changes.then(async () => {
      if (this.#ending !== undefined || (this.#state !== "running" && this.#state !== "degraded")) {
        throw platformError("CHANGE_NOT_RUNNING", { state: this.#state });
      }
      try {
        return await work();
      } finally {
        this.#settle();
      }
    });
    this.#changes = made.then(
      () => {},
      () => {},
    );
    return made;
  }

  /** The platform is degraded while a module does not run. */
  #settle(): void {
    const to = this.#engine.runs.every(({ state }) => state === "running") ? "running" : "degraded";
    if (to !== this.#state) this.#enter(to);
  }

  #enter(to: PlatformState): void {
    const from = this.#state;
    this.#state = to;
    this.#engine.events.emit({ type: "platform.state", from, to, at: this.#engine.clock.wallTime() });
  }
}
