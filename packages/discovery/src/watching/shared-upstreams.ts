import type { Clock, Timer } from "@plinth/module";
import { openUpstream, type Upstream, type UpstreamListener, type UpstreamOptions } from "./upstream.ts";

interface Share {
  readonly upstream: Upstream;
  linger: Timer | undefined;
}

/** The upstreams of a registry, one for each service that somebody listens to. */
export class SharedUpstreams {
  readonly #options: UpstreamOptions;
  readonly #lingerMs: number;
  readonly #clock: Clock;
  readonly #shares = new Map<string, Share>();

  constructor(options: UpstreamOptions, lingerMs: number) {
    this.#options = options;
    this.#lingerMs = lingerMs;
    this.#clock = options.clock;
  }

  /** The upstreams that are open, by service. */
  *[Symbol.iterator](): Iterator<readonly [service: string, upstream: Upstream]> {
    for (const [service, share] of this.#shares) yield [service, share.upstream];
  }

  /** Adds `listener` and tells it at once what is known. Returns the upstream. */
  join(service: string, listener: UpstreamListener): Upstream {
    let share = this.#shares.get(service);
    if (share === undefined || share.upstream.failed) {
      share = { upstream: openUpstream(service, this.#options), linger: undefined };
      this.#shares.set(service, share);
    }
    share.linger?.cancel();
    share.linger = undefined;
    const { upstream } = share;
    upstream.listeners.add(listener);
    if (upstream.current !== undefined) listener.observed(upstream.current);
    else if (upstream.lastFault !== undefined) listener.faulted(upstream.lastFault);
    return upstream;
  }

  /** Takes `listener` away; the upstream closes a while after its last listener left, and at once when it has failed. */
  leave(service: string, listener: UpstreamListener): void {
    const share = this.#shares.get(service);
    if (!share?.upstream.listeners.delete(listener) || share.upstream.listeners.size > 0) return;
    const drop = (): void => {
      this.#shares.delete(service);
      void share.upstream.close();
    };
    if (this.#lingerMs === 0 || share.upstream.failed) drop();
    else share.linger = this.#clock.timer(this.#lingerMs, drop);
  }

  /** Resolves when all upstreams have ended. */
  async close(): Promise<void> {
    const shares = [...this.#shares.values()];
    this.#shares.clear();
    for (const share of shares) share.linger?.cancel();
    await Promise.all(shares.map((share) => share.upstream.close()));
  }
}
