import {
  type DependencyListener,
  type HealthCheck,
  type HealthResult,
  type Hook,
  type Lifecycle,
  platformError,
} from "@plinth/module";

const order = ["pass", "warn", "fail"] as const;

/** The hooks of the module in its own process, which run as they would in the host's. */
export class ChildLifecycle {
  readonly #module: string;
  readonly #controller = new AbortController();
  readonly #startHooks: Hook[] = [];
  readonly #stopHooks: Hook[] = [];
  readonly #checks: HealthCheck[] = [];
  readonly #listeners: DependencyListener[] = [];
  #isSetUp = false;
  #hasStarted = false;
  /** What the module itself sees. Its functions may be taken out of it. */
  readonly forModule: Lifecycle;

  /** @param onFail is told when the module says that it cannot go on. */
  constructor(module: string, onFail: (error: Error) => void) {
    this.#module = module;
    const { signal } = this.#controller;
    const add = <T>(hook: string, to: T[], isLate: () => boolean) => {
      return (added: T): void => {
        if (isLate()) throw platformError("LIFECYCLE_SEALED", { module: this.#module, hook });
        to.push(added);
      };
    };
    this.forModule = {
      onStart: add("onStart", this.#startHooks, () => this.#isSetUp),
      onStop: add("onStop", this.#stopHooks, () => this.#hasStarted),
      onHealth: add("onHealth", this.#checks, () => this.#isSetUp),
      onDependency: add("onDependency", this.#listeners, () => this.#isSetUp),
      fail: (error) => {
        if (this.#hasStarted) onFail(error);
      },
      signal,
    };
  }

  /** After this only stop hooks are taken, until the start has ended. */
  sealSetup(): void {
    this.#isSetUp = true;
  }

  /**
   * Runs the start hooks one after another. When one fails, stop hooks that start hooks have registered
   * run before its error is thrown.
   */
  async start(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.abort(signal.reason), { once: true });
    const ofSetup = this.#stopHooks.length;
    try {
      for (const hook of this.#startHooks) {
        signal.throwIfAborted();
        await hook(this.#controller.signal);
      }
      signal.throwIfAborted();
    } catch (error) {
      this.abort(error);
      await runStopHooks(this.#stopHooks.slice(ofSetup), signal);
      throw error;
    }
    this.#hasStarted = true;
  }

  /** Runs all stop hooks, the last registered first, and returns what they threw. */
  stop(signal: AbortSignal): Promise<unknown[]> {
    this.abort("the module is stopping");
    return runStopHooks(this.#stopHooks, signal);
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  dependency(name: string, isRunning: boolean): void {
    for (const listener of this.#listeners) listener(name, isRunning);
  }

  /** The worst of what the module's checks find, with what all of them say. */
  async health(signal: AbortSignal): Promise<HealthResult> {
    const findings = await Promise.all(this.#checks.map((check) => runCheck(check, signal)));
    const worst = findings.reduce((high, { status }) => Math.max(high, order.indexOf(status)), 0);
    const messages = findings.flatMap(({ message }) => (message === undefined ? [] : [message]));
    return { status: order[worst] ?? "fail", ...(messages.length === 0 ? {} : { message: messages.join("; ") }) };
  }
}

async function runStopHooks(hooks: readonly Hook[], signal: AbortSignal): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (const hook of hooks.toReversed()) {
    try {
      await hook(signal);
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}

async function runCheck(check: HealthCheck, signal: AbortSignal): Promise<HealthResult> {
  try {
    return (await check(signal)) ?? { status: "pass" };
  } catch (error) {
    return { status: "fail", message: error instanceof Error ? error.message : String(error) };
  }
}
