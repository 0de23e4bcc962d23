import { pageQuerySchema } from "@helpdesk/paging";
import type { Database } from "@plinth/database";
import type { Http } from "@plinth/http";
import { type EventQuery, listEvents } from "./events.ts";
import { Permission } from "./module.gen.ts";

const text = { type: "string", minLength: 1, maxLength: 100 };
const querystring = pageQuerySchema({
  action: text,
  actor: { type: "string", format: "uuid" },
  subjectType: text,
  subjectId: text,
});

export function addRoutes(http: Http, db: Database): void {
  http.get<{ Querystring: EventQuery }>(
    "/events",
    { permission: Permission.EventRead, schema: { querystring } },
    (request) => listEvents(db, request.query),
  );
}
