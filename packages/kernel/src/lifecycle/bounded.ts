import type { MaybePromise } from "@plinth/module";
import type { Deadlines } from "./deadlines.ts";

/** Thrown when a hook has not ended within its budget. */
export class BudgetSpent extends Error {
  override readonly name = "BudgetSpent";
  readonly limitMs: number;
  /** Settles when the hook ends after all. */
  readonly late: Promise<void>;

  constructor(limitMs: number, late: Promise<void>) {
    super(`not finished within ${limitMs} ms`);
    this.limitMs = limitMs;
    this.late = late;
  }
}

/**
 * Waits for a hook that is already running, for at most `limitMs` milliseconds.
 *
 * @throws BudgetSpent after that time; `onSpent` is called first, to tell the hook.
 * @throws what the hook itself rejects with.
 */
export function bounded(
  deadlines: Deadlines,
  limitMs: number,
  running: PromiseLike<void>,
  onSpent: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = deadlines.set(limitMs, () => {
      onSpent();
      reject(new BudgetSpent(limitMs, Promise.resolve(running)));
    });
    running.then(
      () => {
        deadline.meet();
        resolve();
      },
      (error: unknown) => {
        deadline.meet();
        reject(error);
      },
    );
  });
}

/** Whether a hook's result has to be waited for. */
export function isPending(result: MaybePromise<void>): result is PromiseLike<void> {
  return typeof result === "object" && result !== null && typeof result.then === "function";
}
