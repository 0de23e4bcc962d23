import type { AsyncLocalStorage } from "node:async_hooks";
import type { Clock, Extension, Hook, ModuleState, Phase } from "@plinth/module";
import type { Services } from "../wiring/connect.ts";
import type { Attempt } from "./attempt.ts";
import { bounded, isPending } from "./bounded.ts";
import type { Deadlines } from "./deadlines.ts";
import type { EventStream } from "./events.ts";
import type { Limits } from "./limits.ts";
import type { ModuleRun } from "./module-run.ts";
import { mayBecome } from "./states.ts";

/** The hooks of extensions around one module. */
export type ExtensionHook = "beforeSetup" | "context" | "beforeStart" | "afterStart" | "beforeStop" | "afterStop";

/** Sorts extensions by the hooks that they have; those of the stop in reverse. */
export function byHook(extensions: readonly Extension[]): Engine["hooking"] {
  const having = (hook: ExtensionHook) => extensions.filter((extension) => extension[hook] !== undefined);
  return {
    beforeSetup: having("beforeSetup"),
    context: having("context"),
    beforeStart: having("beforeStart"),
    afterStart: having("afterStart"),
    beforeStop: having("beforeStop").reverse(),
    afterStop: having("afterStop").reverse(),
  };
}

/** What start and stop of all modules share. */
export interface Engine {
  readonly clock: Clock;
  readonly events: EventStream;
  readonly extensions: readonly Extension[];
  /** Those of `extensions` that have the hook, in the order in which it runs. */
  readonly hooking: Readonly<Record<ExtensionHook, readonly Extension[]>>;
  readonly limits: Limits;
  readonly services: Services;
  /** Which module's code is running, for errors that nobody caught. */
  readonly attribution: AsyncLocalStorage<string>;
  readonly deadlines: Deadlines;
  /** In plan order; another list when modules come or go. */
  runs: readonly ModuleRun[];
  /** A running module has said that it cannot go on. */
  failed(run: ModuleRun, error: Error): void;
}

/** Changes a module's state and tells everybody, running dependents first. */
export function enter(engine: Engine, run: ModuleRun, to: ModuleState): void {
  const from = run.state;
  if (!mayBecome(from, to)) throw new Error(`illegal transition of module ${run.name}: ${from} to ${to}`);
  run.state = to;
  run.since = engine.clock.wallTime();
  if (to === "running" || from === "running") tellDependents(engine, run, to === "running");
  if (engine.events.watched) {
    engine.events.emit({ type: "module.state", module: run.name, from, to, at: run.since });
  }
}

/**
 * Calls a hook of a module, or of an extension on its behalf, with the module's signal. Returns
 * `undefined` when it ended at once, else a promise, bounded by `limitMs` where that is given; the
 * module's signal aborts when that time is over.
 */
export function callHook(
  engine: Engine,
  run: ModuleRun,
  attempt: Attempt,
  limitMs: number | undefined,
  hook: Hook,
): PromiseLike<void> | undefined {
  const began = engine.clock.now();
  const result = hook(hook.length === 0 ? attempt.signal : run.signal);
  noteBlocking(engine, run, began);
  if (!isPending(result)) return undefined;
  if (limitMs === undefined) return result;
  return bounded(engine.deadlines, limitMs, result, () => run.abort("the hook's budget is spent"));
}

/** Reports code of a module that has held the event loop since `began` for too long. */
export function noteBlocking(engine: Engine, run: ModuleRun, began: number): void {
  const blockedMs = engine.clock.now() - began;
  if (blockedMs <= engine.limits.blockedMs) return;
  engine.events.emit({ type: "loop.blocked", module: run.name, blockedMs, at: engine.clock.wallTime() });
}

/** Notes that a phase of the start has ended. */
export function endPhase(engine: Engine, run: ModuleRun, phase: Phase): void {
  run.phaseEnds.push({ phase, at: engine.clock.now() });
}

/** At the first start nobody is told: dependents start later, and stop sooner. */
function tellDependents(engine: Engine, run: ModuleRun, isRunning: boolean): void {
  for (const index of run.module.dependents) {
    const dependent = engine.runs[index];
    if (dependent?.state !== "running") continue;
    for (const listener of dependent.dependencyListeners) listener(run.name, isRunning);
  }
}
