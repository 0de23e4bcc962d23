import type { Users } from "@helpdesk/identity";
import type { Articles, Suggestion } from "@helpdesk/knowledge";
import { type PageQuery, pageQuerySchema } from "@helpdesk/paging";
import type { Http } from "@plinth/http";
import type { Logger } from "@plinth/module";
import type { PermissionCatalogue, Principal } from "@plinth/permissions";
import type { Chosen, Desk } from "./desk.ts";
import { Permission } from "./module.gen.ts";
import { noSuchTicket, notAnAgent } from "./problems.ts";
import { readReference } from "./reference.ts";
import { type Person, peopleOf, viewReply, viewTicket } from "./ticket.ts";
import type { Scope, TicketQuery, TicketReader } from "./ticket-reader.ts";

const text = { type: "string", minLength: 1, maxLength: 20_000, pattern: "\\S" };
const openBody = {
  type: "object",
  required: ["subject", "body"],
  additionalProperties: false,
  properties: { subject: { ...text, maxLength: 200 }, body: text },
};
const replyBody = { type: "object", required: ["body"], additionalProperties: false, properties: { body: text } };
const assigneeBody = {
  type: "object",
  required: ["assignee"],
  additionalProperties: false,
  properties: { assignee: { type: ["string", "null"], format: "uuid" } },
};
const params = { type: "object", properties: { reference: { type: "string", maxLength: 20 } } };
const listQuery = pageQuerySchema({
  state: { enum: ["open", "answered", "closed"] },
  assignee: { type: "string", anyOf: [{ const: "none" }, { format: "uuid" }] },
});

interface ByReference {
  readonly Params: { readonly reference: string };
}

/** What the routes are made of. */
export interface RouteSources {
  readonly desk: Desk;
  readonly reader: TicketReader;
  readonly users: Users;
  readonly permissions: PermissionCatalogue;
  /** Absent in a helpdesk without knowledge. */
  readonly articles: Articles | undefined;
  readonly suggestions: number;
  readonly log: Logger;
}

export function addRoutes(http: Http, sources: RouteSources): void {
  const { desk, reader, users, permissions } = sources;

  /** Customers see their own tickets; to them the others do not exist. */
  async function scopeOf(principal: Principal): Promise<Scope> {
    const seesAll = await permissions.can(principal, Permission.TicketReadAll);
    return seesAll ? "all" : { customerId: principal.id };
  }

  async function chosen(typed: string, principal: Principal): Promise<Chosen> {
    const reference = readReference(typed);
    if (reference === undefined) throw noSuchTicket(typed, true);
    return { reference, scope: await scopeOf(principal) };
  }

  http.post<{ Body: { readonly subject: string; readonly body: string } }>(
    "/",
    { permission: Permission.TicketOpen, schema: { body: openBody } },
    async ({ body, principal }, reply) => {
      const row = await desk.open(body, personOf(principal));
      reply.code(201).header("location", `${http.prefix}/${row.reference}`);
      const [ticket, suggestions] = await Promise.all([
        viewTicket(row, users),
        suggest(`${body.subject} ${body.body}`, sources),
      ]);
      return { ...ticket, suggestions };
    },
  );

  http.get<{ Querystring: TicketQuery }>(
    "/",
    { permission: Permission.TicketRead, schema: { querystring: listQuery } },
    async ({ query, principal }) => reader.list(query, await scopeOf(principal)),
  );

  http.get<ByReference>(
    "/:reference",
    { permission: Permission.TicketRead, schema: { params } },
    async ({ params: { reference }, principal }) => {
      const ticket = await chosen(reference, principal);
      return viewTicket((await reader.find(ticket.reference, ticket.scope)) ?? notThere(reference), users);
    },
  );

  http.get<ByReference & { Querystring: PageQuery }>(
    "/:reference/replies",
    { permission: Permission.TicketRead, schema: { params, querystring: pageQuerySchema() } },
    async ({ params: { reference }, query, principal }) => {
      const ticket = await chosen(reference, principal);
      return reader.replies((await reader.find(ticket.reference, ticket.scope)) ?? notThere(reference), query);
    },
  );

  http.post<ByReference & { Body: { readonly body: string } }>(
    "/:reference/replies",
    { permission: Permission.TicketReply, schema: { params, body: replyBody } },
    async ({ params: { reference }, body, principal }, response) => {
      const ticket = await chosen(reference, principal);
      const reply = (await desk.reply(ticket, body.body, personOf(principal))) ?? notThere(reference);
      response.code(201);
      return viewReply(reply, await peopleOf(users, [reply.author_id]));
    },
  );

  http.put<ByReference & { Body: { readonly assignee: string | null } }>(
    "/:reference/assignee",
    { permission: Permission.TicketAssign, schema: { params, body: assigneeBody } },
    async ({ params: { reference }, body: { assignee }, principal }) => {
      if (assignee !== null && !(await permissions.can({ id: assignee }, Permission.TicketReadAll))) throw notAnAgent();
      const ticket = await chosen(reference, principal);
      return viewTicket((await desk.assign(ticket, assignee, personOf(principal))) ?? notThere(reference), users);
    },
  );

  http.post<ByReference>(
    "/:reference/close",
    { permission: Permission.TicketClose, schema: { params } },
    async ({ params: { reference }, principal }) => {
      const ticket = await chosen(reference, principal);
      return viewTicket((await desk.close(ticket, personOf(principal))) ?? notThere(reference), users);
    },
  );

  http.post<ByReference>(
    "/:reference/reopen",
    { permission: Permission.TicketReopen, schema: { params } },
    async ({ params: { reference }, principal }) => {
      const ticket = await chosen(reference, principal);
      return viewTicket((await desk.reopen(ticket, personOf(principal))) ?? notThere(reference), users);
    },
  );
}

function personOf({ id, name = "" }: Principal): Person {
  return { id, name };
}

function notThere(reference: string): never {
  throw noSuchTicket(reference, false);
}

/** Articles that may answer the question at once. The ticket is open already: without them it goes on too. */
async function suggest(question: string, { articles, suggestions, log }: RouteSources): Promise<readonly Suggestion[]> {
  if (articles === undefined || suggestions === 0) return [];
  try {
    return await articles.suggest(question, suggestions);
  } catch (error) {
    log.warn({ err: error }, "no articles could be suggested");
    return [];
  }
}
