import { systemClock } from "@plinth/module";
import { Agent, Dispatcher, Dispatcher1Wrapper, errors } from "undici";
import type { BalancerOptions } from "../picking/balancer.ts";
import type { ServiceRegistry } from "../port/service-registry.ts";
import type { RetryOptions } from "./retry-budget.ts";
import { type RouteSettings, ServiceRoute } from "./service-route.ts";
import { parseServiceOrigin } from "./service-url.ts";
import type { ConnectionOptions } from "./target-pools.ts";

/** How services are called. What is not said here is said of a balancer. */
export interface DiscoveryDispatcherOptions extends Omit<BalancerOptions, "onRemoved"> {
  /** What the host of a service's URL ends in. Default `.service`. */
  readonly suffix?: string;
  /** When requests are sent again; `false`: never. */
  readonly retries?: RetryOptions | false;
  /** How long a request waits for the registry's first word about its service. Default 5,000. */
  readonly readyTimeoutMs?: number;
  /**
   * Whether the active trace context goes into the headers. Default `true`. Turn it off where an
   * instrumentation of undici does the same.
   */
  readonly traceContext?: boolean;
  /** How connections to each instance are made and kept: undici's options of a pool. */
  readonly connections?: ConnectionOptions;
  /** What other hosts are called with. Default: an agent of its own. One that is given here is not closed. */
  readonly fallback?: Dispatcher;
}

/**
 * A dispatcher of undici for which `http://users.service/` is the service `users` of a registry: each
 * request goes to an instance picked for it. `http://admin.users.service/` takes the endpoint `admin`,
 * otherwise the first endpoint whose protocol is the URL's scheme. All other hosts go to the fallback.
 *
 * Requests to a service for which nobody is there fail with `DISCOVERY_NO_INSTANCE`. `close` waits for the
 * requests under way and leaves the registry open.
 */
export function discoveryDispatcher(
  registry: ServiceRegistry,
  options: DiscoveryDispatcherOptions = {},
): DiscoveryDispatcher {
  return new DiscoveryDispatcher(registry, options);
}

/** See {@link discoveryDispatcher}. */
export class DiscoveryDispatcher extends Dispatcher implements AsyncDisposable {
  readonly #suffix: string;
  readonly #settings: RouteSettings;
  readonly #routes = new Map<string, ServiceRoute>();
  readonly #fallback: Dispatcher;
  readonly #ownFallback: boolean;
  readonly #legacy: Dispatcher1Wrapper;
  #closing: Promise<void> | undefined;
  #destroying: Promise<void> | undefined;

  constructor(registry: ServiceRegistry, options: DiscoveryDispatcherOptions) {
    super();
    const { suffix = ".service", retries = {}, readyTimeoutMs = 5_000, traceContext = true, ...rest } = options;
    const { connections = {}, fallback, ...balancer } = rest;
    const { clock = systemClock, random = Math.random, observer = {} } = balancer;
    this.#suffix = suffix;
    this.#ownFallback = fallback === undefined;
    this.#fallback = fallback ?? new Agent(connections);
    this.#legacy = new Dispatcher1Wrapper(this);
    this.#settings = {
      registry,
      balancer,
      observer,
      clock,
      random,
      retries: retries === false ? { max: 0 } : retries,
      readyTimeoutMs,
      traceContext,
      connections,
      events: this,
    };
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    // The fetch built into Node is older than this undici, and speaks the older protocol of handlers.
    if (handler.onRequestStart === undefined) return this.#legacy.dispatch(options, handler);
    if (this.#closing !== undefined) return refuse(handler, new errors.ClientClosedError());
    const { origin } = options;
    const route = typeof origin === "string" ? this.#routes.get(origin) : undefined;
    if (route !== undefined) return route.dispatch(options, handler);
    try {
      const named = origin instanceof URL ? origin.origin : String(origin);
      return (this.#routeTo(named) ?? this.#fallback).dispatch(options, handler);
    } catch (error) {
      return refuse(handler, error as Error);
    }
  }

  #routeTo(origin: string): ServiceRoute | undefined {
    if (!origin.includes(this.#suffix)) return undefined;
    const address = parseServiceOrigin(origin, this.#suffix);
    if (address === undefined) return undefined;
    const route = this.#routes.get(address.origin) ?? new ServiceRoute(address, this.#settings);
    this.#routes.set(address.origin, route);
    return route;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  get destroyed(): boolean {
    return this.#destroying !== undefined;
  }

  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> | void {
    this.#closing ??= this.#close();
    if (callback === undefined) return this.#closing;
    void this.#closing.then(callback, callback);
  }

  override destroy(): Promise<void>;
  override destroy(error: Error | null): Promise<void>;
  override destroy(callback: () => void): void;
  override destroy(error: Error | null, callback: () => void): void;
  override destroy(first?: Error | null | (() => void), second?: () => void): Promise<void> | void {
    const callback = typeof first === "function" ? first : second;
    this.#destroying ??= this.#destroy(first instanceof Error ? first : null);
    this.#closing ??= this.#destroying;
    if (callback === undefined) return this.#destroying;
    void this.#destroying.then(callback, callback);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const fallback = this.#ownFallback ? [this.#fallback] : [];
    await Promise.all([...this.#routes.values(), ...fallback].map((each) => each.close()));
  }

  async #destroy(error: Error | null): Promise<void> {
    const fallback = this.#ownFallback ? [this.#fallback] : [];
    await Promise.all([...this.#routes.values(), ...fallback].map((each) => each.destroy(error)));
  }
}

function refuse(handler: Dispatcher.DispatchHandler, error: Error): boolean {
  if (handler.onResponseError === undefined) throw error;
  // Nothing was started, so that there is nothing to control.
  handler.onResponseError(null as never, error);
  return true;
}
