import type { PlatformError } from "@plinth/module";
import type { ModuleRun } from "./module-run.ts";

/** One attempt to start modules: all of them, those that a change concerns, or one that failed. */
export class Attempt {
  readonly #abort = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  #givenUp: PlatformError | undefined;

  /** Why the attempt was given up; `undefined` while it was not. */
  get givenUp(): PlatformError | undefined {
    return this.#givenUp;
  }

  /** Resolves when the attempt is given up. */
  get whenGivenUp(): Promise<void> {
    return this.#ended.promise;
  }

  /**
   * Aborts when the attempt is given up. A hook that takes no parameter is called with it, as making a
   * signal for each module would cost more than the rest of its start.
   */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Nothing further starts from now on, and those of `runs` that are starting are told to end. */
  giveUp(reason: PlatformError, runs: readonly ModuleRun[]): void {
    if (this.#givenUp !== undefined) return;
    this.#givenUp = reason;
    this.#abort.abort(reason);
    for (const run of runs) if (run.isStarting) run.abort(reason);
    this.#ended.resolve();
  }
}
