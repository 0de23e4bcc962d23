import { type Hook, type PlatformError, platformError } from "@plinth/module";
import { withdraw } from "../wiring/connect.ts";
import { BudgetSpent, bounded, isPending } from "./bounded.ts";
import { type Engine, enter, noteBlocking } from "./engine.ts";
import type { ModuleRun } from "./module-run.ts";

/**
 * Brings a running module to `stopped`, or to `failed` when it failed before or any of its hooks does;
 * the others run all the same. Never rejects.
 *
 * @returns the errors of its hooks, in the order in which they happened.
 */
export function stopModule(engine: Engine, run: ModuleRun): Promise<readonly PlatformError[]> {
  return engine.attribution.run(run.name, () => bringDown(engine, run));
}

async function bringDown(engine: Engine, run: ModuleRun): Promise<readonly PlatformError[]> {
  enter(engine, run, "stopping");
  run.abort("the module is stopping");
  const errors = [
    ...(await runHooks(engine, run, extensionHooks(engine, run, "beforeStop"))),
    ...(await runStopHooks(engine, run, run.stopHooks)),
  ];
  run.error ??= errors[0];
  enter(engine, run, run.error === undefined ? "stopped" : "failed");
  return errors;
}

/**
 * Runs stop hooks of a module, the last registered first, and then what the extensions have to do
 * after its stop. Never rejects.
 */
export async function runStopHooks(
  engine: Engine,
  run: ModuleRun,
  hooks: readonly Hook[],
): Promise<readonly PlatformError[]> {
  const errors = [...(await runHooks(engine, run, hooks.toReversed()))];
  if (run.prepared) errors.push(...(await runHooks(engine, run, extensionHooks(engine, run, "afterStop"))));
  run.prepared = false;
  if (run.module.definition !== undefined) withdraw(run.module.definition, engine.services);
  return errors;
}

function extensionHooks(engine: Engine, run: ModuleRun, hook: "beforeStop" | "afterStop"): Hook[] {
  return engine.hooking[hook].map(
    (extension) => (signal) => extension[hook]?.(run.facts(extension.section?.key), signal),
  );
}

async function runHooks(engine: Engine, run: ModuleRun, hooks: readonly Hook[]): Promise<PlatformError[]> {
  const errors: PlatformError[] = [];
  const limitMs = run.module.manifest.timeouts.stop ?? engine.limits.stopMs;
  for (const hook of hooks) {
    try {
      const controller = new AbortController();
      const began = engine.clock.now();
      const result = hook(controller.signal);
      noteBlocking(engine, run, began);
      if (isPending(result)) await bounded(engine.deadlines, limitMs, result, () => controller.abort());
    } catch (thrown) {
      errors.push(stopError(run, thrown));
    }
  }
  return errors;
}

function stopError(run: ModuleRun, thrown: unknown): PlatformError {
  const at = run.module.manifest.file === undefined ? [] : [{ file: run.module.manifest.file }];
  const module = run.name;
  if (thrown instanceof BudgetSpent) {
    return platformError("STOP_TIMEOUT", { module, limit: thrown.limitMs }, { at, cause: thrown });
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return platformError("STOP_FAILED", { module, reason }, { at, cause: thrown });
}
