import { type PageQuery, pageQuerySchema } from "@helpdesk/paging";
import type { Http } from "@plinth/http";
import type { Inbox } from "./inbox.ts";

const querystring = pageQuerySchema({ unread: { type: "boolean" } });
const body = {
  type: "object",
  required: ["upTo"],
  additionalProperties: false,
  properties: { upTo: { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER } },
};

/** Everybody reads their own notifications and nobody else's, so being signed in is enough. */
export function addRoutes(http: Http, inbox: Inbox): void {
  http.get<{ Querystring: PageQuery & { readonly unread?: boolean } }>(
    "/",
    { authenticated: true, schema: { querystring } },
    ({ principal, query }) => inbox.list(principal.id, query),
  );

  http.post<{ Body: { readonly upTo: number } }>(
    "/read",
    { authenticated: true, schema: { body } },
    async ({ principal, body }, reply) => {
      await inbox.markRead(principal.id, body.upTo);
      reply.code(204);
    },
  );
}
