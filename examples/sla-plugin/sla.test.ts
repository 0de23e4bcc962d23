import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type NewNotification, Notifications } from "@helpdesk/notifications";
import { type FollowedTicket, TicketFeed, type TicketFigures, TicketStatistics } from "@helpdesk/tickets";
import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";
import { Permissions } from "@plinth/permissions";
import { standIn, startTestPlatform } from "@plinth/testing";
import { newDatabaseFolder } from "@plinth/testing/pglite";
import { expect, test, vi } from "vitest";
import sla from "./src/index.ts";
import { manifest } from "./src/module.gen.ts";

// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
type Body = any;

const hour = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms);

function ticket(reference: string, about: Partial<FollowedTicket> = {}): FollowedTicket {
  return {
    reference,
    subject: `About ${reference}`,
    state: "open",
    customerId: "carla",
    assigneeId: null,
    openedAt: ago(hour),
    firstAnsweredAt: null,
    closedAt: null,
    ...about,
  };
}

/** Tickets as a test changes them. */
class Tickets implements TicketFeed {
  readonly #changes: FollowedTicket[] = [];

  change(...tickets: readonly FollowedTicket[]): void {
    this.#changes.push(...tickets);
  }

  async changedSince(position: string | undefined, limit: number) {
    const from = Number(position ?? 0);
    const tickets = this.#changes.slice(from, from + limit);
    return { tickets, position: `${from + tickets.length}` };
  }
}

/** Says who asks by the header `user`. Agents may do everything, customers see their own. */
const doorkeeper = defineModule(
  { name: "doorkeeper", version: "1.0.0" },
  {
    requires: { http: Http, permissions: Permissions },
    setup({ http, permissions }) {
      http.authenticate((request) => {
        const { user } = request.headers;
        return typeof user === "string" ? { id: user } : undefined;
      });
      permissions.useAuthorizer({ can: ({ id }, code) => id === "agent" || code === "sla.deadline.read" });
    },
  },
);

async function start() {
  const folder = mkdtempSync(path.join(tmpdir(), "sla-"));
  const dataDir = path.join(folder, "data");
  await newDatabaseFolder(dataDir);
  const tickets = new Tickets();
  const sent: NewNotification[] = [];
  const figures = { opened: 3 } as TicketFigures;
  const running = await startTestPlatform({
    modules: [doorkeeper, { manifest, definition: sla, folder: import.meta.dirname }],
    standIns: [
      standIn(TicketFeed, tickets),
      standIn(TicketStatistics, { openedBetween: async () => figures }),
      standIn(Notifications, { send: async (notification) => void sent.push(notification) }),
    ],
    settings: {
      http: { port: 0, drainDelay: "0s" },
      database: { dataDir },
      isolation: { inProcess: ["sla"] },
      sla: { checkEvery: "20ms" },
    },
  });
  const url = await vi.waitFor(() => {
    const line = running.log.lines.find(({ message }) => message.startsWith("listening on "));
    if (line === undefined) throw new Error("it does not listen yet");
    return line.message.slice("listening on ".length);
  });
  const ask = async (user: string, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}/sla${path}`, {
      method,
      headers: { user, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  };
  const stop = async () => {
    await running[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  return { tickets, sent, ask, [Symbol.asyncDispose]: stop };
}

test("each ticket has its deadlines by its priority; customers see their own and no others", async () => {
  await using desk = await start();
  const opened = ago(hour);
  desk.tickets.change(ticket("HD-1", { openedAt: opened }), ticket("HD-2", { customerId: "karl" }));
  await vi.waitFor(async () => expect((await desk.ask("agent", "GET", "/tickets/HD-2")).status).toBe(200));

  const { body } = await desk.ask("carla", "GET", "/tickets/hd-1");
  expect(body).toEqual({
    reference: "HD-1",
    priority: "normal",
    answer: { dueAt: new Date(opened.getTime() + 8 * hour).toISOString(), doneAt: null, standing: "waiting" },
    close: { dueAt: new Date(opened.getTime() + 120 * hour).toISOString(), doneAt: null, standing: "waiting" },
  });
  expect(await desk.ask("carla", "GET", "/tickets/HD-2")).toMatchObject({
    status: 404,
    body: { detail: "No deadline is known of a ticket HD-2." },
  });
  expect((await desk.ask("carla", "PUT", "/tickets/HD-1/priority", { priority: "urgent" })).status).toBe(403);
  expect((await desk.ask("carla", "GET", "/deadlines")).status).toBe(403);

  const urgent = await desk.ask("agent", "PUT", "/tickets/HD-1/priority", { priority: "urgent" });
  expect(urgent.body).toMatchObject({ priority: "urgent", answer: { standing: "overdue" } });
});

test("a missed deadline is told once to who is responsible, and counts in the summary", async () => {
  await using desk = await start();
  const late = { openedAt: ago(9 * hour), assigneeId: "alan" };
  desk.tickets.change(
    ticket("HD-1", late),
    ticket("HD-2", { openedAt: ago(9 * hour), firstAnsweredAt: ago(8 * hour) }),
    ticket("HD-3", { openedAt: ago(9 * hour) }),
  );
  await vi.waitFor(() => expect(desk.sent).toHaveLength(1));
  expect(desk.sent).toEqual([
    {
      to: "alan",
      kind: "sla.missed-answer",
      message: "The ticket HD-1 has not been answered in time: About HD-1",
      link: "/tickets/HD-1",
    },
  ]);
  desk.tickets.change(ticket("HD-1", { ...late, firstAnsweredAt: new Date() }));
  await vi.waitFor(async () => {
    const { body } = await desk.ask("agent", "GET", "/tickets/HD-1");
    expect(body.answer.standing).toBe("missed");
  });
  const summary = await desk.ask("agent", "GET", "/summary");
  expect(summary.body).toMatchObject({ opened: 3, missed: { answer: 2, close: 0 } });
  const due = await desk.ask("agent", "GET", "/deadlines?limit=2");
  expect(
    due.body.items.map((item: { reference: string; kind: string; standing: string }) => [
      item.reference,
      item.kind,
      item.standing,
    ]),
  ).toEqual([
    ["HD-3", "answer", "overdue"],
    ["HD-1", "close", "waiting"],
  ]);
  expect(desk.sent).toHaveLength(1);
});

test("targets can be changed, and count for tickets that wait already", async () => {
  await using desk = await start();
  desk.tickets.change(ticket("HD-1"));
  const changed = await desk.ask("agent", "PUT", "/targets/normal", { answer: "30m", close: "2h" });
  expect(changed).toEqual({ status: 200, body: { priority: "normal", answer: "30m", close: "2h" } });
  expect((await desk.ask("agent", "GET", "/targets")).body.items).toContainEqual(changed.body);
  await vi.waitFor(async () => {
    const { body } = await desk.ask("agent", "GET", "/tickets/HD-1");
    expect(body).toMatchObject({ answer: { standing: "overdue" }, close: { standing: "waiting" } });
  });
  for (const answer of ["0s", "soon", "0.5ms"]) {
    expect((await desk.ask("agent", "PUT", "/targets/normal", { answer, close: "2h" })).status).toBe(400);
  }
});
