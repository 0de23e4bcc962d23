import { PlatformError, platformError, type Timer } from "@plinth/module";
import { affectedBy } from "./affected.ts";
import type { Attempt } from "./attempt.ts";
import { renew } from "./change-modules.ts";
import type { Engine } from "./engine.ts";
import type { ModuleRun } from "./module-run.ts";
import { type RestartPolicy, Restarts } from "./restarts.ts";
import { reasonOf } from "./start-module.ts";
import { startModules, undoStart } from "./start-modules.ts";
import { stopModules } from "./stop-modules.ts";

/** What recovering has to do with the rest of the lifecycle. */
export interface RecoveryContext {
  readonly engine: Engine;
  readonly policy: RestartPolicy;
  /** Runs `work` when no other change is under way; never when the platform is stopping. */
  inTurn(work: () => Promise<void>): void;
  /** Told of each start, so that it can be given up. */
  onAttempt(attempt: Attempt): void;
}

/**
 * Stops modules that failed while running, with those that depend on them, and starts them again after
 * a pause, a bounded number of times.
 */
export class Recovery {
  readonly #context: RecoveryContext;
  readonly #restarts: Restarts;
  readonly #timers = new Set<Timer>();
  #closed = false;

  constructor(context: RecoveryContext) {
    this.#context = context;
    this.#restarts = new Restarts(context.policy, context.engine.clock);
  }

  /** A running module has said that it cannot go on. */
  failed(run: ModuleRun, thrown: Error): void {
    if (this.#closed || run.state !== "running" || run.error !== undefined) return;
    run.error = runError(run, thrown);
    this.#tell(run, run.error);
    this.#context.inTurn(() => this.#takeDown(run));
  }

  /** Nothing is started again from now on. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  async #takeDown(run: ModuleRun): Promise<void> {
    const { engine } = this.#context;
    if (run.state !== "running" || !engine.runs.includes(run)) return;
    const affected = this.#affectedBy(run);
    for (const other of affected) if (other !== run) other.skippedFor = run.name;
    await stopModules(engine, affected);
    this.#plan(run);
  }

  /** Those that have to stop with the module: all that use its services, unless these stay good. */
  #affectedBy(run: ModuleRun): ReadonlySet<ModuleRun> {
    const { runs } = this.#context.engine;
    if (run.module.code?.outlivesRestarts === true) return new Set([run]);
    const modules = runs.map(({ module }) => module);
    const names = affectedBy(new Set([run.name]), modules);
    return new Set(runs.filter(({ name }) => names.has(name)));
  }

  #plan(run: ModuleRun): void {
    if (this.#closed) return;
    const { engine } = this.#context;
    const pauseMs = this.#restarts.next(run.name);
    if (pauseMs === undefined) {
      const { max, window } = this.#restarts.policy;
      const values = { module: run.name, max, window: window / 1000, reason: run.error?.message ?? "" };
      run.error = platformError("RESTART_LIMIT", values, { cause: run.error });
      this.#tell(run, run.error);
      return;
    }
    const timer = engine.clock.timer(pauseMs, () => {
      this.#timers.delete(timer);
      this.#context.inTurn(() => this.#restart(run));
    });
    this.#timers.add(timer);
  }

  /** Nothing is done for a module that was exchanged, removed or started otherwise meanwhile. */
  async #restart(failed: ModuleRun): Promise<void> {
    const { engine } = this.#context;
    if (failed.state === "running" || !engine.runs.includes(failed)) return;
    const waiting = (run: ModuleRun) => run === failed || (run.skippedFor === failed.name && run.state !== "running");
    const concerned = new Set<ModuleRun>();
    engine.runs = engine.runs.map((run) => {
      if (!waiting(run)) return run;
      const renewed = renew(engine, run.module, run);
      concerned.add(renewed);
      return renewed;
    });
    const run = engine.runs.find(({ name }) => name === failed.name) as ModuleRun;
    run.restarts = failed.restarts + 1;
    const starting = startModules(engine);
    this.#context.onAttempt(starting.attempt);
    await starting.ended;
    const { givenUp } = starting.attempt;
    if (givenUp !== undefined) await undoStart(engine, starting, givenUp, concerned);
    if (run.state === "running") return;
    for (const other of concerned) if (other !== run) other.skippedFor = run.name;
    this.#plan(run);
  }

  #tell(run: ModuleRun, error: PlatformError): void {
    const { events, clock } = this.#context.engine;
    events.emit({ type: "module.failed", module: run.name, phase: "run", error, at: clock.wallTime() });
  }
}

function runError(run: ModuleRun, thrown: Error): PlatformError {
  if (thrown instanceof PlatformError) return thrown;
  return platformError("RUN_FAILED", { module: run.name, reason: reasonOf(thrown) }, { cause: thrown });
}
