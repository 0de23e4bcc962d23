import { traceOutside } from "./trace.ts";

/** A listener that somebody added to the process and did not take away. */
export interface LeftListener {
  readonly event: string;
  /** Where it was added. */
  readonly stack: string;
}

/** Remembers which listeners the process has. @returns those that have been added since and are still there. */
export function watchListeners(): () => readonly LeftListener[] {
  const before = new Set<unknown>(process.eventNames().flatMap((event) => process.rawListeners(event)));
  const stacks = new Map<unknown, string>();
  const onAdded = (_: unknown, listener: unknown) => void stacks.set(listener, traceOutside(onAdded).stack ?? "");
  process.on("newListener", onAdded);
  return () =>
    process.eventNames().flatMap((event) =>
      process
        .rawListeners(event)
        .filter((listener) => listener !== onAdded && !before.has(listener))
        .map((listener) => ({ event: String(event), stack: stacks.get(originalOf(listener)) ?? "" })),
    );
}

/** `once` wraps what it is given. */
function originalOf(listener: object): unknown {
  return "listener" in listener ? listener.listener : listener;
}
