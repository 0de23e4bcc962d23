import type { Clock } from "@plinth/module";

/** A signal for a call whose outcome matters although nobody waits for it any more. */
export interface AnsweredSignal {
  readonly signal: AbortSignal;
  /** To be called when the call has ended. */
  done(): void;
}

/**
 * Follows `signal` after `graceMs`: a registration that was sent must not be cut off, or it could arrive
 * at the agent after the deregistration that follows.
 */
export function abortLater(signal: AbortSignal, graceMs: number, clock: Clock): AnsweredSignal {
  const late = new AbortController();
  let timer: { cancel(): void } | undefined;
  const wait = (): void => {
    timer = clock.timer(graceMs, () => late.abort(signal.reason));
  };
  if (signal.aborted) wait();
  else signal.addEventListener("abort", wait, { once: true });
  return {
    signal: late.signal,
    done() {
      timer?.cancel();
      signal.removeEventListener("abort", wait);
    },
  };
}
