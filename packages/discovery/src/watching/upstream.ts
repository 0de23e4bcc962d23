import type { Clock } from "@plinth/module";
import { isRegistryError, type RegistryError, registryError } from "../port/registry-error.ts";
import type { ServiceInstance } from "../port/service-instance.ts";
import type { Snapshot } from "../port/snapshot.ts";
import { type BackoffOptions, createBackoff } from "./backoff.ts";
import { instanceList } from "./instance-list.ts";
import { pause } from "./pause.ts";
import type { OpenUpstream, SnapshotSink } from "./snapshot-sink.ts";

/** Who is told what an upstream learns. */
export interface UpstreamListener {
  /** The registry answered, or what is known became stale. The instances are the identical list where they are the same. */
  observed(snapshot: Snapshot): void;
  /** A fault before anything was known. */
  faulted(error: RegistryError): void;
  /** Nothing more will come: the query can never be answered. */
  failed(error: RegistryError): void;
}

/** One shared watch of a service at the registry, and what it knows. */
export interface Upstream {
  readonly current: Snapshot | undefined;
  /** Whether it ended for good. */
  readonly failed: boolean;
  /** The last fault, until the registry answers again. */
  readonly lastFault: RegistryError | undefined;
  /** Called as things happen; may change while they are called. */
  readonly listeners: Set<UpstreamListener>;
  /** Resolves when the watch has ended. */
  close(): Promise<void>;
}

/** What the upstreams of one registry have in common. */
export interface UpstreamOptions {
  readonly open: OpenUpstream;
  readonly clock: Clock;
  /** The registry as errors name it. */
  readonly registry: string;
  readonly backoff?: BackoffOptions;
}

/** Opens the watch of a service at once, and again whenever it ends before its time. */
export function openUpstream(service: string, options: UpstreamOptions): Upstream {
  const { open, clock, registry } = options;
  const listeners = new Set<UpstreamListener>();
  const closing = new AbortController();
  const { signal } = closing;
  let current: Snapshot | undefined;
  let lastFault: RegistryError | undefined;
  let failed = false;

  function observe(instances: readonly ServiceInstance[], revision: string): void {
    lastFault = undefined;
    current = Object.freeze({ service, instances, revision, status: "live", observedAt: clock.wallTime() });
    for (const listener of [...listeners]) listener.observed(current);
  }

  const sink: SnapshotSink = {
    publish(instances, revision) {
      if (!signal.aborted) observe(instanceList(instances, current?.instances), revision);
    },
    confirm() {
      if (!signal.aborted && current !== undefined) observe(current.instances, current.revision);
    },
    fault(error) {
      if (signal.aborted) return;
      lastFault = error;
      if (current === undefined) {
        for (const listener of [...listeners]) listener.faulted(error);
        return;
      }
      const staleSince = current.staleSince ?? clock.wallTime();
      current = Object.freeze({ ...current, status: "stale", staleSince, lastError: error });
      for (const listener of [...listeners]) listener.observed(current);
    },
  };

  async function run(): Promise<void> {
    const backoff = createBackoff({ clock, ...options.backoff });
    while (!signal.aborted) {
      try {
        await open(service, sink, signal);
      } catch (thrown) {
        const error = isRegistryError(thrown) ? thrown : unexpected(thrown);
        if (error.code === "DISCOVERY_INVALID" && !signal.aborted) {
          failed = true;
          for (const listener of [...listeners]) listener.failed(error);
          return;
        }
        sink.fault(error);
      }
      if (!signal.aborted) await pause(clock, backoff.next(), signal);
    }
  }

  const unexpected = (thrown: unknown): RegistryError =>
    registryError(
      "DISCOVERY_UNAVAILABLE",
      { registry, action: `watch "${service}"`, reason: thrown instanceof Error ? thrown.message : String(thrown) },
      { cause: thrown },
    );

  const ended = run();
  return {
    get current() {
      return current;
    },
    get failed() {
      return failed;
    },
    get lastFault() {
      return lastFault;
    },
    listeners,
    close() {
      closing.abort();
      return ended;
    },
  };
}
