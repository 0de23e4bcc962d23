import {
  type Backoff,
  type BackoffOptions,
  createBackoff,
  type OpenUpstream,
  pause,
  type RegistryError,
  type SnapshotSink,
} from "@plinth/discovery";
import type { Clock, Logger, Timer } from "@plinth/module";
import type { ApiClient } from "../api/api-client.ts";
import { ApiError } from "../api/api-error.ts";
import { apiFault } from "../api/api-fault.ts";
import { type AddressFamily, copiesOf, type EndpointCopy } from "./endpoint-copy.ts";
import { joinSlices } from "./join-slices.ts";
import { judgeFailure, type NextStep } from "./judge-failure.ts";
import { listSlices } from "./list-slices.ts";
import { RemovalHold } from "./removal-hold.ts";
import type { SliceEvent } from "./slice-event.ts";
import { selectorOf, slicesPath } from "./slices-path.ts";
import { watchSlices } from "./watch-slices.ts";

/** How slices are followed. */
export interface SliceFollowing {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly backoff?: BackoffOptions;
  /** Which address an instance has that could be reached by both. */
  readonly preferredFamily: AddressFamily;
  /** How long an instance that vanishes while it is up is kept, in case it only moves to another slice. */
  readonly holdMs: number;
  /** The longest line of a watch. */
  readonly maxLineBytes: number;
}

/** Follows services by their EndpointSlices: list, then watch from the list's version, and so on. */
export function followSlices(following: SliceFollowing): OpenUpstream {
  return (service, sink, signal) => new SliceFollower(following, service, sink, signal).run();
}

/** A watch that lives shorter without a word was no watch. */
const shortestMs = 1_000;
/** A watch that ends earlier than this is opened again after a backoff only. */
const calmMs = 30_000;
/** So long after a watch was accepted, what is known counts as confirmed: a forgotten version would have shown. */
const settleMs = 1_000;

class SliceFollower {
  readonly #options: SliceFollowing;
  readonly #service: string;
  readonly #sink: SnapshotSink;
  readonly #signal: AbortSignal;
  readonly #backoff: Backoff;
  readonly #hold: RemovalHold;
  readonly #slices = new Map<string, readonly EndpointCopy[]>();
  #version = "";
  #next: NextStep = "latest";
  #pageSize: number | undefined;
  #fault: RegistryError | undefined;
  #hurriedAt = Number.NEGATIVE_INFINITY;

  constructor(options: SliceFollowing, service: string, sink: SnapshotSink, signal: AbortSignal) {
    this.#options = options;
    this.#service = service;
    this.#sink = sink;
    this.#signal = signal;
    this.#backoff = createBackoff({ random: options.random, ...options.backoff, clock: options.clock });
    this.#hold = new RemovalHold(options.clock, options.holdMs, (instances, revision) => {
      sink.publish(instances, revision);
      // A removal whose time has come vouches for nothing.
      if (this.#fault !== undefined) sink.fault(this.#fault);
    });
  }

  async run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#signal.aborted) {
      const waitMs = await this.#step();
      if (waitMs > 0) await pause(clock, waitMs, this.#signal);
    }
    this.#hold.close();
  }

  /** One list, or one watch until it ends. Resolves with how long to wait before the next step; never rejects. */
  async #step(): Promise<number> {
    const during = this.#next === "watch" ? "watch" : "list";
    try {
      if (during === "watch") return await this.#watch();
      await this.#list();
      return 0;
    } catch (error) {
      return this.#signal.aborted ? 0 : this.#failed(error, during);
    }
  }

  async #list(): Promise<void> {
    const { client, namespace } = this.#options;
    const { slices, version } = await listSlices(
      client,
      {
        path: slicesPath(namespace),
        labelSelector: selectorOf(this.#service),
        ...(this.#next === "list" && this.#version !== "" ? { notOlderThan: this.#version } : {}),
        ...(this.#pageSize === undefined ? {} : { pageSize: this.#pageSize }),
      },
      this.#signal,
    );
    this.#signal.throwIfAborted();
    this.#slices.clear();
    for (const slice of slices) this.#slices.set(slice.metadata.name, copiesOf(slice));
    this.#version = version;
    this.#pageSize = undefined;
    this.#fault = undefined;
    this.#next = "watch";
    this.#hold.replace(this.#instances(), version);
  }

  async #watch(): Promise<number> {
    const { client, clock, random, namespace, maxLineBytes } = this.#options;
    const timeoutMs = 300_000 + Math.floor(random() * 300) * 1_000;
    let settling: Timer | undefined;
    let openedAt = clock.now();
    let heard = false;
    try {
      await watchSlices(
        {
          client,
          clock,
          path: slicesPath(namespace),
          labelSelector: selectorOf(this.#service),
          version: this.#version,
          timeoutMs,
          maxLineBytes,
          onOpen: () => {
            openedAt = clock.now();
            if (this.#fault !== undefined) settling = clock.timer(settleMs, () => this.#confirm());
          },
          onEvents: (events) => {
            heard = true;
            this.#take(events);
          },
        },
        this.#signal,
      );
    } finally {
      settling?.cancel();
    }
    const livedMs = clock.now() - openedAt;
    if (!heard && livedMs < shortestMs) throw new Error("the API server ended the watch at once");
    // Not even a bookmark in all that time: the version may be one that this server does not know yet.
    if (!heard && livedMs >= timeoutMs * 0.9) this.#next = "list";
    return livedMs >= calmMs ? 0 : this.#backoff.next();
  }

  #take(events: readonly SliceEvent[]): void {
    let changed = false;
    for (const { type, version, slice } of events) {
      this.#version = version;
      if (type === "BOOKMARK") continue;
      changed = true;
      if (type === "DELETED") this.#slices.delete(slice.metadata.name);
      else this.#slices.set(slice.metadata.name, copiesOf(slice));
    }
    if (changed) {
      this.#fault = undefined;
      this.#hold.update(this.#instances(), this.#version);
    } else this.#confirm();
  }

  #confirm(): void {
    this.#fault = undefined;
    this.#sink.confirm();
  }

  #failed(error: unknown, during: "list" | "watch"): number {
    const judged = judgeFailure(error, during);
    this.#next = judged.next;
    // A list whose pages were forgotten halfway is read in one go, so that it comes to an end.
    if (during === "list" && error instanceof ApiError && error.gone) this.#pageSize = 0;
    if (judged.stale) this.#report(error);
    const { clock, random } = this.#options;
    if (judged.wait === "none") return 0;
    if (judged.wait === "slow") return 20_000 + 20_000 * random();
    if (judged.wait === "soon" && clock.now() - this.#hurriedAt >= calmMs) {
      this.#hurriedAt = clock.now();
      return 0;
    }
    return Math.max(this.#backoff.next(), judged.atLeastMs);
  }

  #report(error: unknown): void {
    const { client, namespace, log } = this.#options;
    const action = `watch "${this.#service}"`;
    const fault = apiFault(error, { registry: client.access.server, namespace, action, role: "watching" });
    if (fault.code !== this.#fault?.code) log.warn({ code: fault.code }, `${fault.message}\n${fault.fix}`);
    this.#fault = fault;
    this.#sink.fault(fault);
  }

  #instances() {
    const byName = [...this.#slices].sort(([a], [b]) => (a < b ? -1 : 1));
    return joinSlices(
      byName.map(([, copies]) => copies),
      this.#options.preferredFamily,
    );
  }
}
