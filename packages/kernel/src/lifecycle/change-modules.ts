import { type MaybePromise, type PlatformError, PlatformErrors, platformError } from "@plinth/module";
import type { LoadedModule } from "../loader/load-modules.ts";
import { affectedBy } from "./affected.ts";
import type { Attempt } from "./attempt.ts";
import { type Engine, enter } from "./engine.ts";
import { ModuleRun } from "./module-run.ts";
import { reasonOf } from "./start-module.ts";
import { startModules, undoStart } from "./start-modules.ts";
import { stopModules } from "./stop-modules.ts";

/** A change of the modules of a running platform. */
export interface ModuleChange {
  /** All modules from now on, in plan order. */
  readonly modules: readonly LoadedModule[];
  /** Names of modules that stay, but whose code, manifest or settings are others now. */
  readonly renewed: ReadonlySet<string>;
  /**
   * Called when what has to stop has stopped and before anything starts: with the new modules, and with
   * the old ones again when the change is taken back.
   */
  accept(modules: readonly LoadedModule[]): MaybePromise<void>;
}

/** What a change did. */
export interface ChangeOutcome {
  /** Modules that were there before and after and were stopped and started, in plan order. */
  readonly restarted: readonly string[];
  /** What failed while modules stopped; the change was made all the same. */
  readonly errors: readonly PlatformError[];
}

/**
 * Changes the modules of a running platform: stops what goes, what is renewed and all that depends on
 * either, and starts what comes, what was renewed and what had to stop for it. Everything else goes on.
 *
 * When a module that comes or is renewed does not start, or one that ran before does not start again,
 * all is taken back and the modules that were there before are started again.
 *
 * @param onAttempt told of each start, so that it can be given up.
 * @throws PlatformErrors why the change was taken back, the culprit first.
 */
export async function changeModules(
  engine: Engine,
  change: ModuleChange,
  onAttempt: (attempt: Attempt) => void,
): Promise<ChangeOutcome> {
  const before = engine.runs;
  const old = before.map(({ module }) => module);
  const names = new Set(change.modules.map(nameOf));
  const oldNames = new Set(old.map(nameOf));
  const concerned = new Set([
    ...old.map(nameOf).filter((name) => !names.has(name)),
    ...change.modules.map(nameOf).filter((name) => !oldNames.has(name)),
    ...change.renewed,
  ]);
  const affected = affectedBy(concerned, old, change.modules);
  const restarted = change.modules.map(nameOf).filter((name) => oldNames.has(name) && affected.has(name));
  const release = engine.extensions.flatMap((extension) => extension.hold?.(restarted) ?? []);
  try {
    const mustRun = new Set([
      ...concerned,
      ...before.filter(({ name, state }) => affected.has(name) && state === "running").map(({ name }) => name),
    ]);
    const errors = await stopModules(engine, runsNamed(before, affected));
    const failure = await bringIn(engine, change.modules, affected, mustRun, change.accept, onAttempt);
    if (failure === undefined) return { restarted, errors };
    const failedAgain = await bringIn(engine, old, affected, mustRun, change.accept, onAttempt);
    throw new PlatformErrors([...failure, ...(failedAgain ?? []).map(notBack)]);
  } finally {
    for (const end of release) end();
  }
}

function nameOf({ manifest }: LoadedModule): string {
  return manifest.name;
}

function runsNamed(runs: readonly ModuleRun[], names: ReadonlySet<string>): ReadonlySet<ModuleRun> {
  return new Set(runs.filter(({ name }) => names.has(name)));
}

function notBack(cause: PlatformError): PlatformError {
  return platformError("CHANGE_NOT_TAKEN_BACK", { reason: cause.message }, { cause });
}

/**
 * Makes `modules` the engine's and starts those that are affected.
 *
 * @returns why it failed, the culprit first; what had started has been stopped then. `undefined` when all is well.
 */
async function bringIn(
  engine: Engine,
  modules: readonly LoadedModule[],
  affected: ReadonlySet<string>,
  mustRun: ReadonlySet<string>,
  accept: ModuleChange["accept"],
  onAttempt: (attempt: Attempt) => void,
): Promise<readonly PlatformError[] | undefined> {
  const former = new Map(engine.runs.map((run) => [run.name, run]));
  engine.runs = modules.map((module) => {
    const run = former.get(module.manifest.name);
    if (run !== undefined && !affected.has(run.name)) return run.moveTo(module);
    return renew(engine, module, run);
  });
  try {
    await accept(modules);
  } catch (cause) {
    return [platformError("CHANGE_NOT_ACCEPTED", { reason: reasonOf(cause) }, { cause })];
  }
  const concerned = runsNamed(engine.runs, affected);
  const starting = startModules(engine);
  onAttempt(starting.attempt);
  await starting.ended;
  const { givenUp } = starting.attempt;
  const failed = engine.runs.filter(({ name, state }) => mustRun.has(name) && state !== "running");
  const culprit = givenUp ?? failed.find(({ error }) => error !== undefined)?.error;
  if (culprit === undefined) return undefined;
  return [culprit, ...(await undoStart(engine, starting, culprit, concerned))];
}

/** A module that is about to start anew, `loaded`, in the place of `former`. */
export function renew(engine: Engine, module: LoadedModule, former: ModuleRun | undefined): ModuleRun {
  const run = new ModuleRun(module, engine.clock.wallTime());
  if (former === undefined || former.state === "loaded") return run;
  run.state = former.state;
  run.restarts = former.restarts;
  enter(engine, run, "loaded");
  return run;
}
