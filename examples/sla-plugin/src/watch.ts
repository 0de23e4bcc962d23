import type { Notifications } from "@helpdesk/notifications";
import type { Clock, Logger, Timer } from "@plinth/module";
import type { Clocks, TicketDeadline } from "./clocks.ts";

/** What is looked after. */
export interface Watched {
  readonly clocks: Clocks;
  /** Absent in a helpdesk without notifications. */
  readonly notifications: Notifications | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds from the end of one look to the next. */
  readonly everyMs: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const said = { answer: "has not been answered in time", close: "has not been closed in time" } as const;

/**
 * Follows the tickets, and tells who is responsible of deadlines that have passed, again and again
 * until `signal` aborts. What fails is logged, and tried again the next time.
 *
 * @returns a promise that resolves when it has ended.
 */
export async function watch(watched: Watched): Promise<void> {
  const { clock, log, everyMs, signal } = watched;
  while (!signal.aborted) {
    try {
      await look(watched);
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, "deadlines could not be looked after");
    }
    await pause(clock, everyMs, signal);
  }
}

async function look({ clocks, notifications, log, signal }: Watched): Promise<void> {
  await clocks.follow(signal);
  for (const deadline of await clocks.findBreaches()) {
    const { reference, kind, assigneeId } = deadline;
    log.warn({ ticket: reference, kind, dueAt: deadline.dueAt }, `the ticket ${reference} ${said[kind]}`);
    if (assigneeId !== null) await notifications?.send({ to: assigneeId, ...notificationOf(deadline) });
  }
}

function notificationOf({ reference, subject, kind }: TicketDeadline) {
  const message = `The ticket ${reference} ${said[kind]}: ${subject}`;
  return { kind: `sla.missed-${kind}`, message, link: `/tickets/${reference}` };
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer: Timer = clock.timer(ms, end);
    signal.addEventListener("abort", end, { once: true });
    function end(): void {
      timer.cancel();
      signal.removeEventListener("abort", end);
      resolve();
    }
  });
}
