import { type Phase, PlatformError, platformError } from "@plinth/module";
import { connect, provide } from "../wiring/connect.ts";
import type { Attempt } from "./attempt.ts";
import { BudgetSpent } from "./bounded.ts";
import { callHook, type Engine, endPhase, enter, noteBlocking } from "./engine.ts";
import { lifecycleOf, type ModuleRun } from "./module-run.ts";
import { runStopHooks } from "./stop-module.ts";

type StartHook = "beforeSetup" | "beforeStart" | "afterStart";

/**
 * Brings one module, whose dependencies have all ended their start, from `loaded` to `running`.
 * Never rejects: a failure is noted on the run, what the start had begun is undone, and when the
 * module is critical the whole attempt is given up.
 */
export function startModule(engine: Engine, run: ModuleRun, attempt: Attempt): Promise<void> | undefined {
  if (attempt.givenUp !== undefined) return undefined;
  const root = rootOfAbsence(engine, run);
  if (root !== undefined) {
    run.skippedFor = root;
    enter(engine, run, "skipped");
    return undefined;
  }
  return engine.attribution.run(run.name, () => bringUp(engine, run, attempt));
}

/** Awaits only what is pending: a module without slow hooks costs one promise. */
async function bringUp(engine: Engine, run: ModuleRun, attempt: Attempt): Promise<void> {
  const { hooking } = engine;
  let phase: Phase = "load";
  run.startedAt = engine.clock.now();
  try {
    if (run.module.loadError !== undefined) throw run.module.loadError;
    phase = "setup";
    run.prepared = true;
    if (hooking.beforeSetup.length > 0)
      await extensionHooks(engine, run, attempt, "beforeSetup", startLimit(engine, run));
    setUp(engine, run);
    endPhase(engine, run, phase);
    if (hooking.beforeStart.length > 0) {
      phase = "migrate";
      enter(engine, run, "migrating");
      await extensionHooks(engine, run, attempt, "beforeStart", undefined);
      endPhase(engine, run, phase);
    }
    phase = "start";
    enter(engine, run, "starting");
    for (const hook of run.startHooks) {
      stopIfGivenUp(attempt);
      const pending = callHook(engine, run, attempt, startLimit(engine, run), hook);
      if (pending !== undefined) await pending;
    }
    endPhase(engine, run, phase);
    if (hooking.afterStart.length > 0) {
      phase = "announce";
      await extensionHooks(engine, run, attempt, "afterStart", startLimit(engine, run));
      endPhase(engine, run, phase);
    }
    run.sealStop();
    enter(engine, run, "running");
  } catch (thrown) {
    await fail(engine, run, attempt, phase, thrown);
  }
}

/** Thrown between two hooks when the start was given up meanwhile. */
class GivenUp extends Error {
  override readonly name = "GivenUp";
}

function stopIfGivenUp(attempt: Attempt): void {
  if (attempt.givenUp !== undefined) throw new GivenUp();
}

function startLimit(engine: Engine, run: ModuleRun): number {
  return run.module.manifest.timeouts.start ?? engine.limits.startMs;
}

/** The module whose failure keeps `run` from starting; optional dependencies do not. */
function rootOfAbsence(engine: Engine, run: ModuleRun): string | undefined {
  for (const index of run.module.dependencies) {
    const dependency = engine.runs[index] as ModuleRun;
    if (dependency.state === "running") continue;
    const declared = run.module.manifest.dependencies.find(({ name }) => name === dependency.name);
    if (declared?.optional !== true) return dependency.skippedFor ?? dependency.name;
  }
  return undefined;
}

async function extensionHooks(
  engine: Engine,
  run: ModuleRun,
  attempt: Attempt,
  hook: StartHook,
  limitMs: number | undefined,
): Promise<void> {
  for (const extension of engine.hooking[hook]) {
    stopIfGivenUp(attempt);
    const facts = run.facts(extension.section?.key);
    const pending = callHook(engine, run, attempt, limitMs, (signal) => extension[hook]?.(facts, signal));
    if (pending !== undefined) await pending;
  }
}

function setUp(engine: Engine, run: ModuleRun): void {
  const { definition } = run.module;
  if (definition !== undefined) {
    const context: Record<string, unknown> = {
      lifecycle: lifecycleOf(run, (error) => engine.failed(run, error)),
      clock: engine.clock,
    };
    for (const extension of engine.hooking.context) {
      Object.assign(context, extension.context?.(run.facts(extension.section?.key)));
    }
    connect(definition, run.module.manifest, engine.services, context);
    const began = engine.clock.now();
    const result = definition.setup(context as unknown as Parameters<typeof definition.setup>[0]);
    noteBlocking(engine, run, began);
    provide(run.name, definition, result, engine.services);
  }
  run.sealSetup();
}

async function fail(engine: Engine, run: ModuleRun, attempt: Attempt, phase: Phase, thrown: unknown): Promise<void> {
  const cancelled = attempt.givenUp;
  const error = cancelled === undefined ? startError(run, phase, thrown) : cancelError(run, phase, cancelled, thrown);
  run.error = error;
  run.sealSetup();
  enter(engine, run, "failed");
  if (engine.events.watched) {
    engine.events.emit({ type: "module.failed", module: run.name, phase, error, at: run.since });
  }
  run.abort(error);
  if (cancelled === undefined && run.module.manifest.critical) attempt.giveUp(error, engine.runs);
  if (thrown instanceof BudgetSpent) {
    void discardWhenDone(engine, run, phase, thrown);
  } else {
    const begunByStart = run.stopHooks.slice(run.stopHooksOfSetup);
    await runStopHooks(engine, run, begunByStart);
  }
}

/** A start that ends after its time is stopped and discarded; nobody waits for that. */
function discardWhenDone(engine: Engine, run: ModuleRun, phase: Phase, spent: BudgetSpent): Promise<void> {
  const began = engine.clock.now();
  const discard = (hooks: () => typeof run.stopHooks) => async () => {
    const afterMs = spent.limitMs + engine.clock.now() - began;
    await runStopHooks(engine, run, hooks());
    engine.events.emit({ type: "module.late", module: run.name, phase, afterMs, at: engine.clock.wallTime() });
  };
  return spent.late.then(
    discard(() => run.stopHooks),
    discard(() => run.stopHooks.slice(run.stopHooksOfSetup)),
  );
}

function startError(run: ModuleRun, phase: Phase, thrown: unknown): PlatformError {
  if (thrown instanceof PlatformError) return thrown;
  const at = run.module.manifest.file === undefined ? [] : [{ file: run.module.manifest.file }];
  const module = run.name;
  if (thrown instanceof BudgetSpent) {
    return platformError("START_TIMEOUT", { module, phase, limit: thrown.limitMs }, { at, cause: thrown });
  }
  return platformError("START_FAILED", { module, phase, reason: reasonOf(thrown) }, { at, cause: thrown });
}

function cancelError(run: ModuleRun, phase: Phase, why: PlatformError, thrown: unknown): PlatformError {
  const cause = thrown instanceof GivenUp ? why : thrown;
  return platformError("START_CANCELLED", { module: run.name, phase, reason: why.message }, { cause });
}

/** What a thrown value says of itself. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
