import { type Clock, systemClock } from "@plinth/module";
import type { Registration, RegistrationChange, RegistrationState } from "../port/registration.ts";
import { abortedError, isFinal, isRegistryError, type RegistryError, registryError } from "../port/registry-error.ts";
import { type Backoff, type BackoffOptions, createBackoff } from "../watching/backoff.ts";
import { pause } from "../watching/pause.ts";
import { type CheckedRegistration, changeRegistration, sameRegistration } from "./checked-registration.ts";

/** What an adapter is to make true. */
export interface DesiredRegistration extends Omit<CheckedRegistration, "state"> {
  readonly state: "up" | "warning" | "draining" | "down";
}

/** The calls of one adapter for one instance. Never called at the same time. */
export interface RegistrationCalls {
  /**
   * Makes the registry hold the instance just as `desired` says, whatever it held before. Resolves when the
   * registry has confirmed it, with the instance's id in snapshots.
   */
  apply(desired: DesiredRegistration, signal: AbortSignal): Promise<string>;
  /** Takes the instance out; that it is not there is success. */
  remove(signal: AbortSignal): Promise<void>;
}

/** How a registration is kept. */
export interface RegistrationKeeperOptions {
  readonly checked: CheckedRegistration;
  readonly calls: RegistrationCalls;
  /** The instance's id in snapshots, as far as it is known before the registry has confirmed it. */
  readonly id: string;
  /** The registry as errors name it. */
  readonly registry: string;
  readonly clock?: Clock;
  /** The waits between tries. */
  readonly backoff?: BackoffOptions;
  /** The limit of one call of the adapter. Default 10,000. */
  readonly callTimeoutMs?: number;
  /** How often `deregister` tries. Default 3. */
  readonly removeTries?: number;
  /** Called once, when the registration has ended. */
  readonly onEnd?: () => void;
}

/**
 * Keeps one instance in a registry: holds what is wanted, makes it true one call at a time, and makes it
 * true again after faults and losses, with growing waits, until it is deregistered.
 */
export class RegistrationKeeper implements Registration {
  id: string;
  state: RegistrationState = "registering";
  lastError: RegistryError | undefined;
  /** What is registered, without what draining changes. */
  spec: CheckedRegistration;
  /** Resolves when it has ended, with or without success. */
  readonly ended: Promise<void>;
  readonly #options: RegistrationKeeperOptions;
  readonly #clock: Clock;
  readonly #ending = new AbortController();
  readonly #backoff: Backoff;
  #draining = false;
  #tried = false;
  #mending = false;
  #mended: Promise<void> = Promise.resolve();
  #calls: Promise<unknown> = Promise.resolve();
  #drained: Promise<void> | undefined;
  #deregistered: Promise<void> | undefined;
  readonly #end = Promise.withResolvers<void>();

  constructor(options: RegistrationKeeperOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#backoff = createBackoff({ clock: this.#clock, ...options.backoff });
    this.ended = this.#end.promise;
    this.id = options.id;
    this.spec = options.checked;
  }

  /**
   * Registers for the first time. Resolves when confirmed, or as `degraded`; rejects with what waiting
   * cannot mend, and then nothing is left behind.
   */
  async begin(signal?: AbortSignal): Promise<void> {
    const aborted = (): void => this.#ending.abort(signal?.reason);
    if (signal?.aborted) aborted();
    signal?.addEventListener("abort", aborted, { once: true });
    try {
      await this.#make();
      if (this.#ending.signal.aborted) throw abortedError(`register "${this.spec.id}"`, signal);
    } catch (error) {
      await this.deregister().catch(() => {});
      throw error;
    } finally {
      signal?.removeEventListener("abort", aborted);
    }
  }

  async update(change: RegistrationChange): Promise<void> {
    this.#refuseWhenEnded();
    await this.replace(changeRegistration(this.spec, change));
  }

  /** As `update`, with all that is to hold from now on. */
  async replace(after: CheckedRegistration): Promise<void> {
    this.#refuseWhenEnded();
    const before = this.spec;
    if (sameRegistration(before, after)) return;
    this.spec = after;
    try {
      await this.#make();
    } catch (error) {
      if (this.spec === after) this.spec = before;
      throw error;
    }
  }

  /** Whether it is on its way out: no longer to be built on. */
  get leaving(): boolean {
    return this.#draining || this.#ending.signal.aborted;
  }

  /** Tells that the registry no longer holds the instance, or holds it otherwise: it is registered again. */
  lost(error: RegistryError): void {
    if (this.#ending.signal.aborted || this.state !== "registered") return;
    this.#degrade(error);
  }

  drain(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#drained ??= this.#drain(options.graceMs ?? 5_000);
    return this.#drained;
  }

  deregister(): Promise<void> {
    this.#deregistered ??= this.#leave();
    return this.#deregistered;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.deregister();
  }

  async #drain(graceMs: number): Promise<void> {
    if (!this.#ending.signal.aborted) {
      this.#draining = true;
      // A registry that cannot be told is no reason to stop at once: callers may learn of it otherwise.
      await this.#make().catch(() => {});
      await pause(this.#clock, graceMs, this.#ending.signal);
    }
    await this.deregister();
  }

  async #leave(): Promise<void> {
    this.#ending.abort(new Error("it was deregistered"));
    await this.#calls.catch(() => {});
    await this.#mended;
    try {
      if (this.#tried) await this.#remove();
    } finally {
      this.state = "deregistered";
      this.lastError = undefined;
      this.#options.onEnd?.();
      this.#end.resolve();
    }
  }

  async #remove(): Promise<void> {
    const backoff = createBackoff({ clock: this.#clock, ...this.#options.backoff });
    const tries = this.#options.removeTries ?? 3;
    for (let left = tries; ; left -= 1) {
      try {
        return await this.#bounded((signal) => this.#options.calls.remove(signal), "deregister");
      } catch (error) {
        if (left <= 1 || (isRegistryError(error) && isFinal(error))) throw error;
        await pause(this.#clock, backoff.next());
      }
    }
  }

  /** Makes true what is wanted now. Rejects only with what waiting cannot mend. */
  async #make(): Promise<void> {
    try {
      await this.#apply();
    } catch (thrown) {
      const error = this.#asRegistryError(thrown, "register");
      if (this.#ending.signal.aborted) return;
      if (isFinal(error)) throw error;
      this.#degrade(error);
    }
  }

  #apply(): Promise<void> {
    const turn = this.#calls.then(async () => {
      if (this.#ending.signal.aborted) return;
      this.#tried = true;
      const desired: DesiredRegistration = this.#draining ? { ...this.spec, state: "draining" } : this.spec;
      this.id = await this.#bounded((signal) => this.#options.calls.apply(desired, signal), "register", true);
      this.state = "registered";
      this.lastError = undefined;
    });
    this.#calls = turn.catch(() => {});
    return turn;
  }

  #degrade(error: RegistryError): void {
    this.state = "degraded";
    this.lastError = error;
    if (this.#mending) return;
    this.#mending = true;
    this.#mended = this.#mend();
  }

  async #mend(): Promise<void> {
    while (this.state === "degraded" && (await pause(this.#clock, this.#backoff.next(), this.#ending.signal))) {
      try {
        await this.#apply();
      } catch (thrown) {
        this.lastError = this.#asRegistryError(thrown, "register");
      }
    }
    this.#mending = false;
  }

  /** Runs one call of the adapter with a limit of time; `cancellable` ones end with the registration too. */
  async #bounded<T>(call: (signal: AbortSignal) => Promise<T>, verb: string, cancellable = false): Promise<T> {
    const limit = this.#options.callTimeoutMs ?? 10_000;
    const late = new AbortController();
    const timer = this.#clock.timer(limit, () => late.abort(this.#timeout(verb, limit)));
    const signal = cancellable ? AbortSignal.any([late.signal, this.#ending.signal]) : late.signal;
    try {
      return await call(signal);
    } catch (error) {
      throw late.signal.aborted ? late.signal.reason : error;
    } finally {
      timer.cancel();
    }
  }

  #timeout(verb: string, limit: number): RegistryError {
    const { registry } = this.#options;
    return registryError("DISCOVERY_TIMEOUT", { registry, action: `${verb} "${this.spec.id}"`, limit });
  }

  #asRegistryError(thrown: unknown, verb: string): RegistryError {
    if (isRegistryError(thrown)) return thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const { registry } = this.#options;
    return registryError(
      "DISCOVERY_UNAVAILABLE",
      { registry, action: `${verb} "${this.spec.id}"`, reason },
      { cause: thrown },
    );
  }

  #refuseWhenEnded(): void {
    if (!this.#ending.signal.aborted) return;
    throw registryError("DISCOVERY_DEREGISTERED", { id: this.spec.id, service: this.spec.service });
  }
}
