import { formatProblem, platformError, problemsOf, systemClock } from "@plinth/module";
import { createPlatform, type RunnablePlatform } from "../create-platform.ts";
import { createLog } from "../logging/log.ts";
import { narrate, summaryOf } from "../logging/narrate.ts";
import type { PlatformOptions } from "../options.ts";
import { readSettings } from "../settings/read-settings.ts";
import { moduleOf } from "./attribute.ts";
import { type ProcessContext, thisProcess } from "./process-context.ts";
import { watchEventLoop } from "./watch-event-loop.ts";

const blockedMs = 1_000;

/**
 * Runs a platform as the main thing of a process: starts it with the environment's settings, logs to
 * the standard output, and stops it on SIGTERM, SIGINT or an error that nobody caught. A second
 * signal ends the process at once.
 *
 * The process exits with 0 after a clean stop; with 1 when the start failed, an error was not
 * caught, or something failed while stopping; with 130 or 143 on a second signal.
 *
 * @returns the running platform; `undefined` when it could not be started, as the process is ending then.
 */
export async function runPlatform(
  options: PlatformOptions = {},
  context: ProcessContext = thisProcess(),
): Promise<RunnablePlatform | undefined> {
  const env = options.env ?? context.env;
  const { platform: own } = readSettings({ root: options.root, values: options.settings, env, set: options.set });
  const log = options.log ?? createLog(own.log, context.stdout, env);
  const clock = options.clock ?? systemClock;

  let platform: RunnablePlatform;
  try {
    platform = await createPlatform({ ...options, env, log });
  } catch (thrown) {
    reportFailure(context, thrown);
    context.exit(1);
    return undefined;
  }
  platform.onEvent((event) => narrate(log, event));

  let ending: string | undefined;
  async function end(reason: string, code: number): Promise<void> {
    ending = reason;
    log.info(`stopping: ${reason}`);
    const { errors, durationMs } = await platform.stop(reason);
    stopWatching();
    for (const error of errors) context.stderr.write(`${formatProblem(error)}\n`);
    log.info(`ended after ${Math.round(durationMs)} ms`);
    context.exit(errors.length > 0 ? 1 : code);
  }

  context.onSignal((signal) => {
    if (ending === undefined) return void end(signal, 0);
    log.warn(`${signal} again: exiting at once`);
    return context.exit(signal === "SIGINT" ? 130 : 143);
  });
  context.onUncaught((error) => {
    const found = moduleOf(error, platform.currentModule(), platform.folders());
    const values = {
      reason: error instanceof Error ? error.message : String(error),
      module: found === undefined ? "" : ` in module "${found}"`,
    };
    const problem = platformError("UNHANDLED_REJECTION", values, { cause: error });
    log.error({ module: found, err: error }, problem.message);
    if (ending === undefined) void end(problem.message, 1);
  });
  const stopWatching = watchEventLoop(clock, blockedMs, (ms) => {
    log.warn({ blockedMs: Math.round(ms) }, `the event loop stood still for ${Math.round(ms)} ms`);
  });

  log.info(`starting ${own.name}: ${platform.status().modules.length} modules`);
  try {
    const report = await platform.start();
    log.info(summaryOf(report, platform.status().modules.length));
    for (const { module, skipped } of report.failures) {
      log.warn({ module, skipped }, `degraded: without ${[module, ...skipped].join(", ")}`);
    }
    return platform;
  } catch (thrown) {
    if (ending === undefined) {
      stopWatching();
      reportFailure(context, thrown);
      context.exit(1);
    }
    return undefined;
  }
}

function reportFailure(context: ProcessContext, thrown: unknown): void {
  const problems = problemsOf(thrown);
  if (problems.length === 0) throw thrown;
  for (const problem of problems) context.stderr.write(`${formatProblem(problem)}\n${causeOf(problem.cause)}`);
  context.stderr.write(
    `the platform did not start: ${problems.length} ${problems.length === 1 ? "problem" : "problems"}\n`,
  );
}

/** The stack of what lies behind a problem, indented. */
function causeOf(cause: unknown): string {
  if (!(cause instanceof Error) || cause.stack === undefined) return "";
  return `${cause.stack.replace(/^/gm, "    ")}\n`;
}
