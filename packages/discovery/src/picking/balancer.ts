import { type Clock, systemClock } from "@plinth/module";
import type { DiscoveryObserver } from "../observing/observer.ts";
import type { Endpoint, InstanceState, Locality, ServiceInstance } from "../port/service-instance.ts";
import type { Snapshot } from "../port/snapshot.ts";
import { chooseCandidates, routableTargets } from "./candidates.ts";
import { type Ejecting, OutlierDetection } from "./outlier-detection.ts";
import type { OutlierOptions } from "./outlier-options.ts";
import { leastRequests, type PickingPolicy, peakEwma } from "./policy.ts";
import { createSampler, drawTwo, type Sampler } from "./sampler.ts";
import { Target } from "./target.ts";

/** How a balancer picks. */
export interface BalancerOptions<Resource = unknown> {
  /**
   * How the better of two is found. `least-requests`: fewest requests in flight over weight, the default.
   * `peak-ewma`: shortest expected wait, by latencies measured.
   */
  readonly policy?: "least-requests" | "peak-ewma";
  /** Whether instances in state `warning` are picked like those that are `up`. Default `false`: only when none is up. */
  readonly warning?: boolean;
  /** Where the caller runs. Instances of its zone are preferred. */
  readonly locality?: Pick<Locality, "zone">;
  /** Requests in flight over weight from which an instance of the own zone counts as overloaded, and other zones help. Default 16. */
  readonly spillAt?: number;
  /** When instances are left alone for a while; `false`: never. */
  readonly outliers?: OutlierOptions | false;
  /** The part of instances, from 0 to 1, that must be left after ejections; below it all are picked. Default 0.5. */
  readonly panicThreshold?: number;
  /**
   * How long the instances that were up are kept when all of them vanish at once, which a registry in
   * trouble may say. Default 10,000.
   */
  readonly emptyGraceMs?: number;
  readonly observer?: DiscoveryObserver;
  readonly clock?: Clock;
  /** Returns numbers from 0 up to 1. Default `Math.random`. */
  readonly random?: () => number;
  /** Called when a target gets no more requests; those in flight go on. */
  readonly onRemoved?: (target: Target<Resource>) => void;
}

/** How a request ended, as far as that says something of the instance. `ignored`: the caller gave up. */
export type Outcome = "success" | "failure" | "ignored";

/** Picks an instance of one service for each request. All of it is synchronous, and `pick` takes the same time for any number of instances. */
export class Balancer<Resource = unknown> {
  readonly service: string;
  readonly #endpointOf: (instance: ServiceInstance) => Endpoint | undefined;
  readonly #options: BalancerOptions<Resource>;
  readonly #observer: DiscoveryObserver;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #spillAt: number;
  readonly #policy: PickingPolicy;
  readonly #better: PickingPolicy["better"];
  readonly #outliers: OutlierDetection | undefined;
  #targets = new Map<string, Target<Resource>>();
  #all: Sampler = createSampler([]);
  #local: Sampler | undefined;
  #routable: readonly Target[] = [];
  #panic = false;
  /** Whether the lists are out of date. */
  #changed = false;
  /** Whether a pick need not look after anything first. */
  #settled = true;
  /** The time of the last end of a request: near enough for averages. */
  #now = 0;
  #keptUntil = Number.POSITIVE_INFINITY;

  /** @param endpointOf The endpoint of an instance that requests go to; instances without one are left out. */
  constructor(
    service: string,
    endpointOf: (instance: ServiceInstance) => Endpoint | undefined,
    options: BalancerOptions<Resource> = {},
  ) {
    const { observer = {}, clock = systemClock, random = Math.random, spillAt = 16, outliers = {} } = options;
    this.service = service;
    this.#endpointOf = endpointOf;
    this.#options = options;
    this.#observer = observer;
    this.#clock = clock;
    this.#random = random;
    this.#spillAt = spillAt;
    this.#policy = options.policy === "peak-ewma" ? peakEwma(() => this.#now) : leastRequests;
    this.#better = this.#policy.better;
    this.#outliers = outliers === false ? undefined : this.#detection(outliers);
  }

  /** Takes over what a snapshot says. Targets whose address stays keep what is known of them. */
  apply(snapshot: Snapshot): void {
    this.#observer.snapshot?.({
      service: this.service,
      status: snapshot.status,
      staleSince: snapshot.staleSince,
      instances: countStates(snapshot.instances),
    });
    const before = this.#targets;
    if (snapshot.instances.length === 0 && this.#keepVanished()) return;
    this.#keptUntil = Number.POSITIVE_INFINITY;
    const after = new Map<string, Target<Resource>>();
    for (const instance of snapshot.instances) {
      const endpoint = this.#endpointOf(instance);
      if (endpoint === undefined) continue;
      const key = `${instance.id} ${endpoint.protocol} ${endpoint.host} ${endpoint.port}`;
      const target = before.get(key) ?? new Target<Resource>(instance, endpoint);
      target.instance = instance;
      target.weight = instance.weight;
      before.delete(key);
      after.set(key, target);
    }
    this.#hold(after);
    for (const target of before.values()) this.#remove(target);
  }

  /**
   * The target for the next request, which counts as in flight until `done`; `undefined` when there is none.
   *
   * @param tried Targets that the same request has been sent to: others are preferred.
   */
  pick(tried?: readonly Target[]): Target<Resource> | undefined {
    if (!this.#settled) this.#refresh();
    const target = tried === undefined ? this.#draw() : this.#drawOther(tried);
    if (target === undefined) return undefined;
    target.inFlight += 1;
    if (this.#observer.picked !== undefined) this.#observer.picked(this.service, target.instance);
    return target as Target<Resource>;
  }

  /** The request that `target` was picked for has ended, after `ms` milliseconds. Must be called once for each pick. */
  done(target: Target<Resource>, outcome: Outcome, ms: number): void {
    target.inFlight -= 1;
    if (outcome === "ignored") return;
    this.#now = this.#clock.now();
    if (outcome === "success") this.#policy.learn(target, ms, this.#now);
    this.#outliers?.count(target, outcome === "success", this.#now);
  }

  /** All targets that the registry knows, in order of their instances' ids. */
  get targets(): readonly Target<Resource>[] {
    return [...this.#targets.values()];
  }

  /** Whether doubtful instances are picked too. */
  get panic(): boolean {
    if (!this.#settled) this.#refresh();
    return this.#panic;
  }

  #draw(): Target | undefined {
    const { targets } = this.#all;
    const best = drawTwo(this.#local ?? this.#all, this.#random, this.#better);
    if (this.#local === undefined || best === undefined || best.inFlight < this.#spillAt * best.weight) return best;
    const other = targets.length > 1 ? drawTwo(this.#all, this.#random, this.#better) : undefined;
    return other === undefined ? best : leastRequests.better(best, other);
  }

  #drawOther(tried: readonly Target[]): Target | undefined {
    for (let draws = 0; draws < 3; draws += 1) {
      const target = this.#draw();
      if (target === undefined || !tried.includes(target)) return target;
    }
    return this.#all.targets.find((target) => !tried.includes(target)) ?? this.#draw();
  }

  #hold(targets: Map<string, Target<Resource>>): void {
    this.#targets = targets;
    this.#routable = routableTargets([...targets.values()], this.#options.warning ?? false);
    this.#change();
  }

  #change(): void {
    this.#changed = true;
    this.#settled = false;
  }

  #refresh(): void {
    if (this.#clock.now() >= this.#keptUntil) this.#dropVanished();
    const kept = this.#keptUntil !== Number.POSITIVE_INFINITY;
    this.#settled = !kept;
    if (!this.#changed) return;
    this.#changed = false;
    const { panicThreshold = 0.5, locality } = this.#options;
    const candidates = chooseCandidates(this.#routable, { panicThreshold, zone: locality?.zone });
    this.#all = createSampler(candidates.all);
    this.#local = candidates.local === undefined ? undefined : createSampler(candidates.local);
    const panic = candidates.panic || kept;
    if (panic === this.#panic) return;
    this.#panic = panic;
    this.#observer.panic?.({ service: this.service, on: panic });
  }

  /** Whether the empty list is doubted: instances that were up a moment ago are kept for a while. */
  #keepVanished(): boolean {
    if (this.#keptUntil !== Number.POSITIVE_INFINITY) return true;
    const graceMs = this.#options.emptyGraceMs ?? 10_000;
    const up = [...this.#targets.values()].some(({ instance }) => instance.state === "up");
    if (!up || graceMs <= 0) return false;
    this.#keptUntil = this.#clock.now() + graceMs;
    this.#change();
    return true;
  }

  #dropVanished(): void {
    this.#keptUntil = Number.POSITIVE_INFINITY;
    const vanished = this.#targets;
    this.#hold(new Map());
    for (const target of vanished.values()) this.#remove(target);
  }

  #remove(target: Target<Resource>): void {
    target.removed = true;
    if (target.ejected) this.#observer.returned?.({ service: this.service, instance: target.instance });
    this.#options.onRemoved?.(target);
  }

  #detection(options: OutlierOptions): OutlierDetection {
    const { service } = this;
    const ejecting: Ejecting = {
      routable: () => this.#routable,
      ejected: ({ instance }, reason, forMs) => {
        this.#change();
        this.#observer.ejected?.({ service, instance, reason, forMs });
      },
      returned: ({ instance }) => {
        this.#change();
        this.#observer.returned?.({ service, instance });
      },
    };
    return new OutlierDetection(options, ejecting, this.#clock.now());
  }
}

function countStates(instances: readonly ServiceInstance[]): Record<InstanceState, number> {
  const counts: Record<InstanceState, number> = { up: 0, warning: 0, draining: 0, down: 0 };
  for (const { state } of instances) counts[state] += 1;
  return counts;
}
