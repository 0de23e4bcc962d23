import { createHook } from "node:async_hooks";

import { traceOutside } from "./trace.ts";

/** Something that a process has open, or waits for. */
export interface OpenResource {
  readonly kind: ResourceKind;
  /** Milliseconds after which a timer fires; `undefined` for other kinds. */
  readonly delayMs: number | undefined;
  /** Whether it keeps the process from ending. */
  readonly keepsAlive: boolean;
  /** Where it was made. */
  readonly stack: string;
  /** What `label` said when it was made. */
  readonly label: string | undefined;
}

/** The kinds of resources that are watched. */
export type ResourceKind =
  | "timeout"
  | "interval"
  | "immediate"
  | "server"
  | "socket"
  | "pipe"
  | "udp"
  | "process"
  | "watcher"
  | "worker"
  | "port"
  | "file";

/** Node's names of what is watched. Promises, ticks and requests that end by themselves are not. */
const kinds: Readonly<Record<string, ResourceKind>> = {
  Timeout: "timeout",
  Immediate: "immediate",
  TCPSERVERWRAP: "server",
  PIPESERVERWRAP: "server",
  TCPWRAP: "socket",
  PIPEWRAP: "pipe",
  UDPWRAP: "udp",
  PROCESSWRAP: "process",
  FSEVENTWRAP: "watcher",
  STATWATCHER: "watcher",
  WORKER: "worker",
  MESSAGEPORT: "port",
  FILEHANDLE: "file",
};

interface Made {
  readonly kind: ResourceKind;
  readonly resource: NodeResource;
  readonly trace: { readonly stack?: string };
  readonly label: string | undefined;
}

/** What Node hands over; the fields of timers have no public names. */
interface NodeResource {
  hasRef?(): boolean;
  readonly _repeat?: unknown;
  readonly _idleTimeout?: number;
}

/** Remembers what is opened from now on, and where. */
export interface ResourceWatch {
  /** What is open now, in the order in which it was made. */
  open(): readonly OpenResource[];
  /** Calls `work`; what it makes before its first `await` does not count. */
  unseen<T>(work: () => T): T;
}

/**
 * Begins to watch the whole process. It cannot be ended: a process is watched for one test.
 *
 * @param label is asked at the making of each resource; must be quick and must not throw.
 */
export function watchResources(label: () => string | undefined): ResourceWatch {
  const made = new Map<number, Made>();
  let isUnseen = false;
  function init(id: number, type: string, _: number, resource: NodeResource): void {
    const kind = kinds[type];
    if (kind === undefined || isUnseen) return;
    made.set(id, { kind, resource, trace: traceOutside(init), label: label() });
  }
  createHook({
    init,
    destroy(id) {
      made.delete(id);
    },
  }).enable();
  return {
    open: () => [...made.values()].map(openResource),
    unseen(work) {
      isUnseen = true;
      try {
        return work();
      } finally {
        isUnseen = false;
      }
    },
  };
}

function openResource({ kind, resource, trace, label }: Made): OpenResource {
  const isTimer = kind === "timeout";
  const repeats = isTimer && resource._repeat !== null && resource._repeat !== undefined;
  return {
    kind: repeats ? "interval" : kind,
    delayMs: isTimer ? resource._idleTimeout : undefined,
    // An open file has no say in that.
    keepsAlive: kind !== "file" && resource.hasRef?.() !== false,
    stack: trace.stack ?? "",
    label,
  };
}
