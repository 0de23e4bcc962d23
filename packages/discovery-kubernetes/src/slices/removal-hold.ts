import type { ServiceInstance } from "@plinth/discovery";
import type { Clock, Timer } from "@plinth/module";

/** Where instances go on to. */
export type Publish = (instances: readonly ServiceInstance[], revision: string) => void;

/**
 * Keeps an instance that was up and is suddenly in no slice for a moment longer. When an endpoint moves from one slice
 * to another, the two writes are two events, and between them it may be in neither; without the hold, each move would
 * take it from its callers for some milliseconds. Pods that end are draining before they go, and are not held.
 */
export class RemovalHold {
  readonly #clock: Clock;
  readonly #holdMs: number;
  readonly #publish: Publish;
  readonly #held = new Map<string, { readonly instance: ServiceInstance; readonly until: number }>();
  #published: readonly ServiceInstance[] = [];
  #latest: { readonly instances: readonly ServiceInstance[]; readonly revision: string } | undefined;
  #timer: Timer | undefined;
  #holds = 0;

  constructor(clock: Clock, holdMs: number, publish: Publish) {
    this.#clock = clock;
    this.#holdMs = holdMs;
    this.#publish = publish;
  }

  /** The instances after a change: removals are held. */
  update(instances: readonly ServiceInstance[], revision: string): void {
    this.#latest = { instances, revision };
    const here = new Set(instances.map(({ id }) => id));
    const now = this.#clock.now();
    for (const instance of this.#published) {
      if (here.has(instance.id)) this.#held.delete(instance.id);
      else if (this.#holdMs > 0 && isUp(instance) && !this.#held.has(instance.id)) {
        this.#held.set(instance.id, { instance, until: now + this.#holdMs });
      }
    }
    this.#flush();
  }

  /** All instances, as a list shows them at one moment: nothing can be between two slices. */
  replace(instances: readonly ServiceInstance[], revision: string): void {
    this.#held.clear();
    this.#latest = { instances, revision };
    this.#flush();
  }

  /** Publishes nothing any more. */
  close(): void {
    this.#timer?.cancel();
    this.#latest = undefined;
  }

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#latest === undefined) return;
    const now = this.#clock.now();
    for (const [id, { until }] of this.#held) if (until <= now) this.#held.delete(id);
    const { instances, revision } = this.#latest;
    const held = [...this.#held.values()];
    this.#published = [...instances, ...held.map(({ instance }) => instance)];
    if (held.length > 0) this.#holds += 1;
    // The same state of the cluster is another list with other instances held: no two may share a revision.
    this.#publish(this.#published, held.length === 0 ? revision : `${revision}+${this.#holds}`);
    const next = Math.min(...held.map(({ until }) => until));
    if (held.length > 0) this.#timer = this.#clock.timer(next - now, () => this.#flush());
  }
}

function isUp({ state }: ServiceInstance): boolean {
  return state === "up" || state === "warning";
}
