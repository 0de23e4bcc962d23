import type { Clock } from "@plinth/module";
import type { Dispatcher } from "undici";
import type { DiscoveryObserver } from "../observing/observer.ts";
import { Balancer, type BalancerOptions } from "../picking/balancer.ts";
import type { Target } from "../picking/target.ts";
import { isRegistryError, type RegistryError, registryError } from "../port/registry-error.ts";
import type { ServiceRegistry } from "../port/service-registry.ts";
import type { ServiceWatcher } from "../port/service-watcher.ts";
import type { Snapshot } from "../port/snapshot.ts";
import { createBackoff } from "../watching/backoff.ts";
import { Call } from "./call.ts";
import { RetryBudget, type RetryOptions } from "./retry-budget.ts";
import { endpointFor, type ServiceAddress } from "./service-url.ts";
import { type ConnectionOptions, openPool, type TargetPools } from "./target-pools.ts";
import { withTraceContext } from "./trace-context.ts";

/** What the routes of one dispatcher have in common. */
export interface RouteSettings {
  readonly registry: ServiceRegistry;
  readonly balancer: BalancerOptions;
  readonly observer: DiscoveryObserver;
  readonly clock: Clock;
  readonly random: () => number;
  readonly retries: RetryOptions;
  readonly readyTimeoutMs: number;
  readonly traceContext: boolean;
  readonly connections: ConnectionOptions;
  /** What the events of connections are emitted on. */
  readonly events: Dispatcher;
}

/** Everything about calls of one service: who there is, who is picked, and the connections. */
export class ServiceRoute {
  readonly balancer: Balancer<TargetPools>;
  readonly clock: Clock;
  readonly maxRetries: number;
  /** Whether times of answers are of use. */
  readonly measured: boolean;
  closed = false;
  readonly #address: ServiceAddress;
  readonly #settings: RouteSettings;
  readonly #watcher: ServiceWatcher;
  readonly #budget: RetryBudget;
  readonly #retryStatuses: ReadonlySet<number>;
  /** Connections of removed instances that still have requests, and the end of those. */
  readonly #leaving = new Map<Dispatcher, Promise<void>>();
  readonly #waiting = new Set<Call>();
  #snapshot: Snapshot | undefined;
  /** Why nothing is known, where waiting for it is of no use. */
  #refusal: RegistryError | undefined;

  constructor(address: ServiceAddress, settings: RouteSettings) {
    const { retries } = settings;
    this.#address = address;
    this.#settings = settings;
    this.clock = settings.clock;
    this.maxRetries = retries.max ?? 2;
    this.#retryStatuses = new Set(retries.statuses ?? [502, 503, 504]);
    this.#budget = new RetryBudget(retries, settings.clock);
    this.measured = settings.balancer.policy === "peak-ewma";
    this.balancer = new Balancer(address.service, (instance) => endpointFor(address, instance), {
      ...(settings.balancer as BalancerOptions<TargetPools>),
      onRemoved: (target) => this.#leave(target),
    });
    this.#watcher = settings.registry.watch({ service: address.service });
    if (this.#watcher.current !== undefined) this.#observe(this.#watcher.current);
    void this.#follow();
  }

  /** Sends a request, as soon as it is known who there is. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const traced = this.#settings.traceContext ? withTraceContext(options) : options;
    const call = new Call(this, traced, handler);
    this.#budget.earn();
    if (this.#snapshot !== undefined) return call.send();
    if (this.#refusal !== undefined) call.fail(this.#refusal);
    else this.#wait(call);
    return true;
  }

  /** The connections to a target that fit the request. */
  poolOf(target: Target<TargetPools>, options: Dispatcher.DispatchOptions): Dispatcher {
    const { connections, events } = this.#settings;
    const { allowH2 } = options as { readonly allowH2?: boolean };
    target.resource ??= { main: openPool(this.#address, target.endpoint, connections, events), plain: undefined };
    if (allowH2 !== false || connections.allowH2 === false || this.#address.scheme === "http") {
      return target.resource.main;
    }
    const plain = { ...connections, allowH2: false };
    target.resource.plain ??= openPool(this.#address, target.endpoint, plain, events);
    return target.resource.plain;
  }

  /** Why there is nobody to send a request to. */
  noInstance(): RegistryError {
    const { service, endpoint, scheme } = this.#address;
    const known = this.#snapshot?.instances.length ?? 0;
    const wanted = endpoint === undefined ? scheme : `"${endpoint}" for ${scheme}`;
    const reason = known === 0 ? "the registry knows none" : `none of ${known} has an endpoint ${wanted}`;
    return registryError("DISCOVERY_NO_INSTANCE", { service, reason });
  }

  isRetryStatus(status: number): boolean {
    return status >= 400 && this.maxRetries > 0 && this.#retryStatuses.has(status);
  }

  /** Whether the budget allows one more retry. */
  spendRetry(cause: unknown): boolean {
    const sent = this.#budget.spend();
    this.#settings.observer.retry?.({ service: this.#address.service, sent, cause });
    return sent;
  }

  /** A retry is sent that the budget does not pay for. */
  tellRetry(cause: unknown): void {
    this.#settings.observer.retry?.({ service: this.#address.service, sent: true, cause });
  }

  /** Milliseconds before the same instance is tried again. */
  retryWait(attempts: number): number {
    const { retries, random } = this.#settings;
    const backoff = createBackoff({ minMs: retries.backoffMs ?? 50, random });
    for (let attempt = 1; attempt < attempts; attempt += 1) backoff.next();
    return backoff.next();
  }

  /** Resolves when the requests under way have ended. */
  async close(): Promise<void> {
    await this.#end();
    for (const target of this.balancer.targets) this.#leave(target);
    await Promise.all(this.#leaving.values());
  }

  async destroy(error: Error | null): Promise<void> {
    await this.#end();
    const pools = this.balancer.targets.flatMap(({ resource }) => poolsOf(resource));
    await Promise.all([...pools, ...this.#leaving.keys()].map((pool) => pool.destroy(error)));
  }

  async #end(): Promise<void> {
    this.closed = true;
    await this.#watcher[Symbol.asyncDispose]();
  }

  async #follow(): Promise<void> {
    this.#watcher.ready.catch((error: unknown) => this.#refuse(error));
    try {
      for await (const snapshot of this.#watcher) this.#observe(snapshot);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #observe(snapshot: Snapshot): void {
    if (this.closed || snapshot === this.#snapshot) return;
    this.#snapshot = snapshot;
    this.#refusal = undefined;
    this.balancer.apply(snapshot);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const call of waiting) call.send();
  }

  #refuse(thrown: unknown): void {
    if (!isRegistryError(thrown) || this.#snapshot !== undefined) return;
    this.#refusal = thrown;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const call of waiting) call.fail(thrown);
  }

  #wait(call: Call): void {
    this.#waiting.add(call);
    const { readyTimeoutMs } = this.#settings;
    const action = `name the instances of "${this.#address.service}"`;
    const timer = this.clock.timer(readyTimeoutMs, () => {
      if (!this.#waiting.delete(call)) return;
      call.fail(registryError("DISCOVERY_TIMEOUT", { registry: "hand", action, limit: readyTimeoutMs }));
    });
    this.#watcher.ready.then(timer.cancel, timer.cancel);
    call.announce();
  }

  #leave({ resource }: Target<TargetPools>): void {
    for (const pool of poolsOf(resource)) {
      const left = (): void => void this.#leaving.delete(pool);
      this.#leaving.set(pool, pool.close().then(left, left));
    }
  }
}

function poolsOf(resource: TargetPools | undefined): Dispatcher[] {
  return [resource?.main, resource?.plain].filter((pool) => pool !== undefined);
}
