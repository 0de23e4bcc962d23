import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Clock,
  type Extension,
  type ModuleHealth,
  type ModuleStatus,
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
import { Deadlines } from "./deadlines.ts";
import { byHook, type Engine } from "./engine.ts";
import { EventStream } from "./events.ts";
import { checkHealth } from "./health.ts";
import { visitInOrder } from "./in-order.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { ModuleRun } from "./module-run.ts";
import { startReport } from "./report.ts";
import { reasonOf, startModule } from "./start-module.ts";
import { stopModule } from "./stop-module.ts";

export interface LifecycleOptions {
  /** In plan order, as the loader returns them. */
  readonly modules: readonly LoadedModule[];
  /** Their hooks run in this order, and in reverse on the way down. */
  readonly extensions?: readonly Extension[];
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
}

/** What a stop left to say. */
export interface StopReport {
  readonly durationMs: number;
  /** Everything that failed on the way, in the order in which it happened. */
  readonly errors: readonly PlatformError[];
}

/** Starts modules in dependency order and in parallel, and stops them in reverse. */
export class ModuleLifecycle {
  readonly #engine: Engine;
  readonly #givingUp = Promise.withResolvers<void>();
  readonly #abort = new AbortController();
  #givenUp: PlatformError | undefined;
  #state: PlatformState = "created";
  #starting: Promise<StartReport> | undefined;
  #stopping: Promise<StopReport> | undefined;

  constructor({ modules, extensions = [], clock = systemClock, limits = {} }: LifecycleOptions) {
    const lifecycle = this;
    const now = clock.wallTime();
    const runs = modules.map((module) => new ModuleRun(module, now));
    this.#engine = {
      clock,
      events: new EventStream(),
      extensions,
      hooking: byHook(extensions),
      limits: { ...defaultLimits, ...limits },
      services: new Map() as Services,
      attribution: new AsyncLocalStorage(),
      deadlines: new Deadlines(clock),
      signal: this.#abort.signal,
      runs,
      get givenUp() {
        return lifecycle.#givenUp;
      },
      giveUp: (reason) => this.#giveUp(reason),
    };
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
    const { clock, runs } = this.#engine;
    if (this.#givenUp !== undefined) throw new PlatformErrors([this.#givenUp]);
    const began = clock.now();
    this.#enter("starting");
    const all = visitInOrder(
      {
        count: runs.length,
        before: (index) => runs[index]?.module.dependencies ?? [],
        after: (index) => runs[index]?.module.dependents ?? [],
      },
      (index) => startModule(this.#engine, runs[index] as ModuleRun),
    );
    await Promise.race([all, this.#givingUp.promise]);
    if (this.#givenUp !== undefined) throw await this.#rollBack(all, this.#givenUp);
    const report = startReport(runs, began, clock.now());
    this.#enter(report.state);
    return report;
  }

  /** Waits for what is starting, stops what has started, and returns everything that went wrong. */
  async #rollBack(starting: Promise<void>, culprit: PlatformError): Promise<PlatformErrors> {
    this.#enter("stopping");
    const ended = await this.#within(this.#engine.limits.totalStopMs, starting);
    const stuck = ended ? [] : this.#engine.runs.filter((run) => run.isStarting);
    const { errors } = await this.#stopModules();
    this.#enter("failed");
    const others = this.#engine.runs.flatMap((run) => (run.error === undefined ? [] : [run.error]));
    const all = new Set([culprit, ...others.filter((error) => error.code !== "START_CANCELLED"), ...errors]);
    if (stuck.length > 0) all.add(this.#budgetError(stuck));
    return new PlatformErrors([...all]);
  }

  async #stop(reason: string): Promise<StopReport> {
    const { clock } = this.#engine;
    const began = clock.now();
    if (this.#starting === undefined) {
      this.#givenUp = platformError("START_INTERRUPTED", { reason });
      this.#enter("stopped");
      return { durationMs: 0, errors: [] };
    }
    if (this.#state === "starting") this.#giveUp(platformError("START_INTERRUPTED", { reason }));
    const failed = await this.#starting.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (failed !== undefined) {
      const errors = failed instanceof PlatformErrors ? failed.errors.filter((error) => error !== this.#givenUp) : [];
      return { durationMs: clock.now() - began, errors };
    }
    this.#enter("draining");
    const errors = await this.#drain();
    this.#enter("stopping");
    errors.push(...(await this.#stopModules()).errors);
    this.#enter(errors.length === 0 ? "stopped" : "failed");
    return { durationMs: clock.now() - began, errors };
  }

  /** Lets the extensions withdraw the platform from traffic, side by side. */
  async #drain(): Promise<PlatformError[]> {
    const { extensions, limits } = this.#engine;
    const controller = new AbortController();
    const errors: PlatformError[] = [];
    const drains = extensions.map(async (extension) => {
      try {
        await extension.drain?.(controller.signal);
      } catch (cause) {
        errors.push(platformError("DRAIN_FAILED", { extension: extension.name, reason: reasonOf(cause) }, { cause }));
      }
    });
    if (!(await this.#within(limits.totalStopMs, Promise.all(drains)))) {
      controller.abort();
      errors.push(platformError("DRAIN_TIMEOUT", { limit: limits.totalStopMs }));
    }
    return errors;
  }

  async #stopModules(): Promise<{ readonly errors: PlatformError[] }> {
    const { runs, limits } = this.#engine;
    const errors: PlatformError[] = [];
    const all = visitInOrder(
      {
        count: runs.length,
        before: (index) => runs[index]?.module.dependents ?? [],
        after: (index) => runs[index]?.module.dependencies ?? [],
      },
      (index) => {
        const run = runs[index] as ModuleRun;
        if (run.state !== "running") return undefined;
        return stopModule(this.#engine, run).then((found) => {
          errors.push(...found);
        });
      },
    );
    if (!(await this.#within(limits.totalStopMs, all))) {
      errors.push(this.#budgetError(runs.filter(({ state }) => state === "running" || state === "stopping")));
    }
    return { errors };
  }

  #budgetError(open: readonly ModuleRun[]): PlatformError {
    const modules = open.map((run) => run.name).join(", ");
    return platformError("STOP_BUDGET", { limit: this.#engine.limits.totalStopMs, modules });
  }

  #giveUp(reason: PlatformError): void {
    if (this.#givenUp !== undefined) return;
    this.#givenUp = reason;
    this.#abort.abort(reason);
    for (const run of this.#engine.runs) {
      if (run.isStarting) run.abort(reason);
    }
    this.#givingUp.resolve();
  }

  /** Whether `work` ends within `ms` milliseconds. */
  #within(ms: number, work: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#engine.clock.timer(ms, () => resolve(false));
      const ended = () => {
        timer.cancel();
        resolve(true);
      };
      work.then(ended, ended);
    });
  }

  #enter(to: PlatformState): void {
    const from = this.#state;
    this.#state = to;
    this.#engine.events.emit({ type: "platform.state", from, to, at: this.#engine.clock.wallTime() });
  }
}

function statusOf(run: ModuleRun): ModuleStatus {
  const { manifest, source } = run.module;
  return {
    name: run.name,
    version: manifest.version,
    source,
    state: run.state,
    since: run.since,
    critical: manifest.critical,
    error: run.error,
    skippedFor: run.skippedFor,
  };
}
