import type { EjectionReason } from "../observing/observer.ts";
import type { OutlierOptions } from "./outlier-options.ts";
import type { Target } from "./target.ts";

/** What the detection may do to the targets. */
export interface Ejecting {
  /** Those that could be picked if nobody were ejected. */
  routable(): readonly Target[];
  /** The target is ejected from now on. */
  ejected(target: Target, reason: EjectionReason, forMs: number): void;
  returned(target: Target): void;
}

/** Finds instances that fail and lets them rest. Holds no timer: intervals end with the request that comes after. */
export class OutlierDetection {
  readonly #ejecting: Ejecting;
  readonly #intervalMs: number;
  readonly #baseMs: number;
  readonly #maxMs: number;
  readonly #maxPercent: number;
  readonly #consecutive: number;
  readonly #successRate: { stdevFactor: number; minimumHosts: number; requestVolume: number } | undefined;
  readonly #failurePercentage: { threshold: number; minimumHosts: number; requestVolume: number } | undefined;
  #intervalEnds: number;

  constructor(options: OutlierOptions, ejecting: Ejecting, now: number) {
    const { successRate = {}, failurePercentage = {} } = options;
    this.#ejecting = ejecting;
    this.#intervalMs = options.intervalMs ?? 10_000;
    this.#baseMs = options.baseEjectionMs ?? 30_000;
    this.#maxMs = Math.max(options.maxEjectionMs ?? 300_000, this.#baseMs);
    this.#maxPercent = options.maxEjectionPercent ?? 10;
    this.#consecutive = options.consecutiveFailures ?? 5;
    this.#successRate =
      successRate === false ? undefined : { stdevFactor: 1_900, minimumHosts: 5, requestVolume: 100, ...successRate };
    this.#failurePercentage =
      failurePercentage === false
        ? undefined
        : { threshold: 85, minimumHosts: 5, requestVolume: 50, ...failurePercentage };
    this.#intervalEnds = now + this.#intervalMs;
  }

  /** A request to the target ended. */
  count(target: Target, success: boolean, now: number): void {
    if (success) {
      target.successes += 1;
      target.consecutiveFailures = 0;
    } else {
      target.failures += 1;
      target.consecutiveFailures += 1;
      // Asked again after as many more, where the limit of ejections was in the way.
      if (target.consecutiveFailures % this.#consecutive === 0) {
        this.#eject([target], "consecutive-failures", now);
      }
    }
    if (now >= this.#intervalEnds) this.#endInterval(now);
  }

  #endInterval(now: number): void {
    this.#intervalEnds = now + this.#intervalMs;
    const targets = this.#ejecting.routable();
    this.#bySuccessRate(targets, now);
    this.#byFailurePercentage(targets, now);
    for (const target of targets) {
      target.successes = 0;
      target.failures = 0;
      if (!target.ejected) target.ejections = Math.max(0, target.ejections - 1);
      else if (now >= target.ejectedUntil) this.#return(target);
    }
  }

  #bySuccessRate(targets: readonly Target[], now: number): void {
    const rule = this.#successRate;
    if (rule === undefined) return;
    const busy = targets.filter((target) => volume(target) >= rule.requestVolume);
    if (busy.length < rule.minimumHosts || busy.length === 0) return;
    const mean = busy.reduce((sum, target) => sum + successRate(target), 0) / busy.length;
    const variance = busy.reduce((sum, target) => sum + (successRate(target) - mean) ** 2, 0) / busy.length;
    const least = mean - Math.sqrt(variance) * (rule.stdevFactor / 1_000);
    this.#eject(
      busy.filter((target) => successRate(target) < least),
      "success-rate",
      now,
    );
  }

  #byFailurePercentage(targets: readonly Target[], now: number): void {
    const rule = this.#failurePercentage;
    if (rule === undefined) return;
    const busy = targets.filter((target) => volume(target) >= rule.requestVolume);
    if (busy.length < rule.minimumHosts) return;
    this.#eject(
      busy.filter((target) => 100 * (1 - successRate(target)) > rule.threshold),
      "failure-percentage",
      now,
    );
  }

  #eject(outliers: readonly Target[], reason: EjectionReason, now: number): void {
    if (outliers.length === 0) return;
    const targets = this.#ejecting.routable();
    let ejected = targets.reduce((count, target) => count + (target.ejected ? 1 : 0), 0);
    for (const target of outliers) {
      if (target.ejected || target.removed) continue;
      // One is always allowed, but never the last: it is better than none.
      if (ejected > 0 && ejected * 100 >= targets.length * this.#maxPercent) return;
      if (targets.length - ejected <= 1) return;
      ejected += 1;
      target.ejections += 1;
      const forMs = Math.min(this.#baseMs * target.ejections, this.#maxMs);
      target.ejected = true;
      target.ejectedUntil = now + forMs;
      this.#ejecting.ejected(target, reason, forMs);
    }
  }

  #return(target: Target): void {
    target.ejected = false;
    target.consecutiveFailures = 0;
    this.#ejecting.returned(target);
  }
}

function volume(target: Target): number {
  return target.successes + target.failures;
}

function successRate(target: Target): number {
  return target.successes / volume(target);
}
