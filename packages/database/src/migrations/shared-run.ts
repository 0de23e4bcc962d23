import { platformError } from "@plinth/module";
import type { ModuleMigrations } from "./migration-file.ts";
import { type RunContext, runMigrations } from "./run.ts";

interface Result {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/**
 * One run of the migrations, which many modules wait for. It begins when the first one asks, and is
 * given up when all that wait have given up.
 */
export class SharedRun {
  readonly #modules: readonly ModuleMigrations[];
  readonly #context: Omit<RunContext, "signal" | "onModule">;
  readonly #controller = new AbortController();
  readonly #results = new Map<string, Result>();
  readonly #ended = Promise.withResolvers<void>();
  #run: Promise<void> | undefined;
  #waiting = 0;

  constructor(modules: readonly ModuleMigrations[], context: Omit<RunContext, "signal" | "onModule">) {
    this.#modules = modules;
    this.#context = context;
    for (const { module } of modules) {
      const result = Promise.withResolvers<void>();
      // A module that never asks need not be told.
      result.promise.catch(() => {});
      this.#results.set(module, result);
    }
  }

  /** Resolves when the run has ended; it begins when the first module waits for it, or with {@link begin}. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Begins the run, if it has not begun. */
  begin(): void {
    this.#run ??= runMigrations(this.#modules, {
      ...this.#context,
      signal: this.#controller.signal,
      onModule: (name, failure) => this.#settle(name, failure),
    }).finally(() => this.#ended.resolve());
  }

  /**
   * Resolves when the module is migrated.
   *
   * @throws PlatformError or PlatformErrors that say why it is not, or that `signal` aborted.
   */
  async wait(module: string, signal: AbortSignal): Promise<void> {
    const result = this.#results.get(module);
    if (result === undefined) return;
    signal.throwIfAborted();
    this.begin();
    const aborted = Promise.withResolvers<never>();
    const giveUp = () => aborted.reject(platformError("MIGRATIONS_INTERRUPTED", { module }, { cause: signal.reason }));
    signal.addEventListener("abort", giveUp, { once: true });
    this.#waiting += 1;
    try {
      await Promise.race([result.promise, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", giveUp);
      this.#waiting -= 1;
      if (this.#waiting === 0 && signal.aborted) this.#controller.abort(signal.reason);
    }
  }

  /** Gives the run up and waits until it has ended, or until `signal` aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#controller.abort(new Error("the database is closing"));
    if (signal.aborted) return;
    await Promise.race([
      this.#run,
      new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
    ]);
  }

  #settle(module: string, failure: Error | undefined): void {
    const result = this.#results.get(module);
    if (failure === undefined) result?.resolve();
    else result?.reject(failure);
  }
}
