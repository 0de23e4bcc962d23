import type { TicketStatistics } from "@helpdesk/tickets";
import type { Database } from "@plinth/database";
import { type Http, HttpProblem } from "@plinth/http";
import { type Clock, durationPattern, parseDuration } from "@plinth/module";
import type { PermissionCatalogue, Principal } from "@plinth/permissions";
import type { Clocks, TicketDeadline } from "./clocks.ts";
import { standingOf } from "./deadline.ts";
import { Permission } from "./module.gen.ts";
import { changeTarget, type Priority, priorities, readTargets, type Target } from "./targets.ts";

const duration = { type: "string", pattern: durationPattern };
const targetBody = {
  type: "object",
  required: ["answer", "close"],
  additionalProperties: false,
  properties: { answer: duration, close: duration },
};
const priority = { enum: priorities };
const priorityBody = {
  type: "object",
  required: ["priority"],
  additionalProperties: false,
  properties: { priority },
};
const ofTicket = { type: "object", properties: { reference: { type: "string", maxLength: 20 } } };
const ofPriority = { type: "object", properties: { priority } };
const listQuery = {
  type: "object",
  additionalProperties: false,
  properties: { limit: { type: "integer", minimum: 1, maximum: 100, default: 20 } },
};
const summaryQuery = {
  type: "object",
  additionalProperties: false,
  properties: { days: { type: "integer", minimum: 1, maximum: 366, default: 30 } },
};

interface ByReference {
  readonly Params: { readonly reference: string };
}

/** What the routes are made of. */
export interface RouteSources {
  readonly db: Database;
  readonly clocks: Clocks;
  readonly permissions: PermissionCatalogue;
  readonly statistics: TicketStatistics;
  readonly clock: Clock;
}

export function addRoutes(http: Http, sources: RouteSources): void {
  const { db, clocks, permissions, statistics, clock } = sources;

  http.get("/targets", { permission: Permission.DeadlineReadAll }, async () => ({ items: await readTargets(db) }));

  http.put<{ Params: { readonly priority: Priority }; Body: Omit<Target, "priority"> }>(
    "/targets/:priority",
    { permission: Permission.TargetEdit, schema: { params: ofPriority, body: targetBody } },
    async ({ params, body }) => {
      await changeTarget(db, params.priority, milliseconds(body.answer), milliseconds(body.close));
      return { priority: params.priority, ...body };
    },
  );

  /** Customers see their own tickets; to them the others do not exist. */
  async function deadlinesFor(reference: string, principal: Principal): Promise<readonly TicketDeadline[]> {
    const deadlines = await clocks.of(reference.toUpperCase());
    const isOwn = deadlines[0]?.customerId === principal.id;
    const isAllowed = isOwn || (await permissions.can(principal, Permission.DeadlineReadAll));
    if (deadlines.length === 0 || !isAllowed) throw noSuchTicket(reference);
    return deadlines;
  }

  http.get<ByReference>(
    "/tickets/:reference",
    { permission: Permission.DeadlineRead, schema: { params: ofTicket } },
    async ({ params, principal }) => {
      const deadlines = await deadlinesFor(params.reference, principal);
      return view(deadlines, clock.wallTime());
    },
  );

  http.put<ByReference & { Body: { readonly priority: Priority } }>(
    "/tickets/:reference/priority",
    { permission: Permission.PrioritySet, schema: { params: ofTicket, body: priorityBody } },
    async ({ params: { reference }, body, principal }) => {
      await deadlinesFor(reference, principal);
      await clocks.setPriority(reference.toUpperCase(), body.priority);
      return view(await clocks.of(reference.toUpperCase()), clock.wallTime());
    },
  );

  http.get<{ Querystring: { readonly limit: number } }>(
    "/deadlines",
    { permission: Permission.DeadlineReadAll, schema: { querystring: listQuery } },
    async ({ query: { limit } }) => {
      const due = await clocks.due(limit);
      const now = clock.wallTime();
      return {
        items: due.map((deadline) => {
          const { reference, subject, priority, assigneeId, kind, dueAt } = deadline;
          return { reference, subject, priority, assigneeId, kind, dueAt, standing: standingOf(deadline, now) };
        }),
      };
    },
  );

  http.get<{ Querystring: { readonly days: number } }>(
    "/summary",
    { permission: Permission.DeadlineReadAll, schema: { querystring: summaryQuery } },
    async ({ query: { days } }) => {
      const to = new Date(clock.wallTime());
      const from = new Date(to.getTime() - days * 86_400_000);
      const [{ opened }, missed] = await Promise.all([statistics.openedBetween(from, to), clocks.missed(from, to)]);
      return { period: { from, to }, opened, missed };
    },
  );
}

/** A ticket's deadlines as they are shown. */
function view(deadlines: readonly TicketDeadline[], nowMs: number) {
  const [{ reference, priority }] = deadlines as readonly [TicketDeadline];
  const shown = deadlines.map((deadline) => {
    const { kind, dueAt, doneAt } = deadline;
    return [kind, { dueAt, doneAt, standing: standingOf(deadline, nowMs) }] as const;
  });
  return { reference, priority, ...Object.fromEntries(shown) };
}

function milliseconds(duration: string): number {
  const ms = parseDuration(duration) ?? 0;
  if (!Number.isInteger(ms) || ms < 1)
    throw new HttpProblem(400, `The duration ${duration} is no whole number of milliseconds.`);
  return ms;
}

function noSuchTicket(reference: string): HttpProblem {
  return new HttpProblem(404, `No deadline is known of a ticket ${reference}.`);
}
