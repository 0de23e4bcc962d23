import { type Clock, formatProblem, type Logger, platformError } from "@plinth/module";
import type { RunnablePlatform } from "../create-platform.ts";
import { moduleOf } from "./attribute.ts";
import type { ProcessContext } from "./process-context.ts";
import { watchEventLoop } from "./watch-event-loop.ts";

const blockedMs = 1_000;

/** Process managers pass a signal on that the terminal sends to the whole group already; within this time it is one. */
const sameSignalMs = 50;

/** A platform whose process is being looked after. */
export interface Supervision {
  /** Whether something has made the process end. */
  readonly isEnding: boolean;
  /** Reports an event loop that stands still, from now on. */
  watchEventLoop(): void;
}

/**
 * Stops the platform on a signal or on an error that nobody caught, and ends the process then; at
 * once on a second signal.
 *
 * @param onStopped called when the platform has stopped, before the process ends.
 */
export function supervise(
  platform: RunnablePlatform,
  context: ProcessContext,
  log: Logger,
  clock: Clock,
  onStopped: () => Promise<void>,
): Supervision {
  let isEnding = false;
  let signalledAt: number | undefined;
  let stopWatching = () => {};

  async function end(reason: string, code: number): Promise<void> {
    isEnding = true;
    log.info(`stopping: ${reason}`);
    const { errors, durationMs } = await platform.stop(reason);
    stopWatching();
    await onStopped();
    for (const error of errors) context.stderr.write(`${formatProblem(error)}\n`);
    log.info(`ended after ${Math.round(durationMs)} ms`);
    context.exit(errors.length > 0 ? 1 : code);
  }

  context.onSignal((signal) => {
    const sinceFirst = clock.now() - (signalledAt ?? clock.now());
    if (signalledAt !== undefined && sinceFirst < sameSignalMs) return undefined;
    signalledAt ??= clock.now();
    if (!isEnding) return void end(signal, 0);
    log.warn(`${signal} again: exiting at once`);
    return context.exit(signal === "SIGINT" ? 130 : 143);
  });

  context.onUncaught((cause) => {
    const culprit = moduleOf(cause, platform.currentModule(), platform.folders());
    const module = culprit === undefined ? "" : ` in module "${culprit}"`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const problem = platformError("UNHANDLED_REJECTION", { module, reason }, { cause });
    log.error({ module: culprit, err: cause }, problem.message);
    if (!isEnding) void end(problem.message, 1);
  });

  return {
    get isEnding() {
      return isEnding;
    },
    watchEventLoop() {
      stopWatching = watchEventLoop(clock, blockedMs, (ms) => {
        log.warn({ blockedMs: Math.round(ms) }, `the event loop stood still for ${Math.round(ms)} ms`);
      });
    },
  };
}
