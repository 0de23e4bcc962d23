import {
  createBackoff,
  type EndpointSpec,
  isRegistryError,
  pause,
  type Registration,
  type RegistrationSpec,
  type ServiceRegistry,
} from "@plinth/discovery";
import type { Clock, Logger } from "@plinth/module";
import { inTime } from "./in-time.ts";

/** How long, beyond the grace, a registry may take to let go of an instance. */
const withdrawLimitMs = 5_000;

/** What an announcement needs. */
export interface AnnouncementOptions {
  readonly module: string;
  readonly spec: RegistrationSpec;
  readonly registry: ServiceRegistry;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What of an announcement changes while it stands. */
export interface AnnouncementChange {
  readonly state?: "up" | "warning" | "down";
  readonly endpoints?: readonly EndpointSpec[];
}

/**
 * One service of one module in the registry: tried until the registry takes it, kept as it should be, and withdrawn.
 * What goes wrong is logged and complained of; none of it is thrown, as a platform works without its registry.
 */
export class Announcement {
  readonly module: string;
  readonly service: string;
  readonly #options: AnnouncementOptions;
  readonly #ending = new AbortController();
  #spec: RegistrationSpec;
  #registration: Registration | undefined;
  #kept: Promise<void> | undefined;
  #withdrawn: Promise<void> | undefined;
  /** Why the registry does not take it, in its own words. */
  #refused: string | undefined;

  constructor(options: AnnouncementOptions) {
    this.#options = options;
    this.#spec = options.spec;
    this.module = options.module;
    this.service = options.spec.service;
  }

  /** Begins to announce, once; returns at once. */
  begin(): void {
    if (!this.#ending.signal.aborted) this.#kept ??= this.#register();
  }

  /** Lets the registry know of a change, as soon as it can be told. */
  change(change: AnnouncementChange): void {
    const before = this.#spec.state ?? "up";
    this.#spec = { ...this.#spec, ...change };
    if (change.state !== undefined && change.state !== before) this.#tellState(change.state);
    void this.#update(change);
  }

  /** What is amiss; `undefined` when nothing is. What the registry itself complains of is not repeated. */
  get complaint(): string | undefined {
    return this.#refused === undefined
      ? undefined
      : `"${this.service}" is not announced as it should be: ${this.#refused}`;
  }

  /**
   * Makes it unroutable, gives callers `graceMs` to notice, and takes it out. An abort of `signal` cuts the grace
   * short. Later calls join the first one. Never rejects.
   */
  withdraw(graceMs: number, signal?: AbortSignal): Promise<void> {
    this.#withdrawn ??= this.#withdraw(graceMs);
    const hurry = (): void => void this.#registration?.deregister().catch(() => {});
    if (signal?.aborted) hurry();
    signal?.addEventListener("abort", hurry, { once: true });
    return this.#withdrawn.finally(() => signal?.removeEventListener("abort", hurry));
  }

  async #register(): Promise<void> {
    const { registry, clock } = this.#options;
    const { signal } = this.#ending;
    // The registry tries by itself while it is away; what it refuses somebody has to mend.
    const backoff = createBackoff({ minMs: 5_000, maxMs: 60_000, clock });
    do {
      const spec = this.#spec;
      try {
        const registration = await registry.register(spec, { signal });
        this.#registration = registration;
        this.#refused = undefined;
        this.#tellRegistered(registration, spec);
        // What has changed meanwhile.
        if (spec !== this.#spec) await this.#update(this.#spec);
        return;
      } catch (error) {
        if (!signal.aborted) this.#complain(error);
      }
    } while (await pause(clock, backoff.next(), signal));
  }

  #tellRegistered({ id, state, lastError }: Registration, spec: RegistrationSpec): void {
    const { log } = this.#options;
    if (state === "registered") log.info({ id }, `announced "${this.service}" at ${placesOf(spec)}`);
    else log.warn(`"${this.service}" is announced as soon as the registry can be told: ${lastError?.message}`);
  }

  #tellState(state: "up" | "warning" | "down"): void {
    const { module, log } = this.#options;
    if (state === "up") log.info(`"${this.service}" is announced as up`);
    else log.warn(`"${this.service}" is announced as ${state}: module "${module}" ${whyNotUp[state]}`);
  }

  async #update({ state, endpoints }: AnnouncementChange): Promise<void> {
    if (this.#registration === undefined || this.#ending.signal.aborted) return;
    const change = { ...(state === undefined ? {} : { state }), ...(endpoints === undefined ? {} : { endpoints }) };
    try {
      await this.#registration.update(change);
      this.#refused = undefined;
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#complain(error);
    }
  }

  async #withdraw(graceMs: number): Promise<void> {
    this.#ending.abort(new Error(`the module "${this.module}" stops`));
    const { clock, log } = this.#options;
    const leaving = this.#leave(graceMs).catch((error: unknown) => {
      log.warn({ err: error }, `"${this.service}" could not be taken out of the registry; it goes when its time is up`);
    });
    if (await inTime(clock, graceMs + withdrawLimitMs, leaving)) return;
    log.warn(`the registry did not let go of "${this.service}" in time; it goes when its time is up`);
  }

  async #leave(graceMs: number): Promise<void> {
    await this.#kept;
    if (this.#registration === undefined) return;
    await this.#registration.drain({ graceMs });
    this.#options.log.info(`withdrew "${this.service}"`);
  }

  #complain(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason === this.#refused) return;
    this.#refused = reason;
    const { code, fix } = isRegistryError(error) ? error : { code: undefined, fix: undefined };
    this.#options.log.error({ code, fix }, `"${this.service}" is not announced as it should be: ${reason}`);
  }
}

const whyNotUp = {
  warning: "warns in its health checks",
  down: "fails its health checks, or one that it needs does",
};

function placesOf({ endpoints }: RegistrationSpec): string {
  return endpoints
    .map(
      ({ protocol, host = "this machine", port }) => `${protocol}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    )
    .join(", ");
}
