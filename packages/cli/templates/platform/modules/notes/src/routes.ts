import type { Http } from "@plinth/http";
import { Permission } from "./module.gen.ts";
import type { NoteStore } from "./note-store.ts";

const body = {
  type: "object",
  required: ["text"],
  additionalProperties: false,
  properties: { text: { type: "string", minLength: 1, maxLength: 1000 } },
};

/** Everybody reads; whoever has the permission writes. */
export function addRoutes(http: Http, notes: NoteStore, pageSize: number): void {
  http.get("/", { public: true }, async () => ({ items: await notes.list(pageSize) }));

  http.post<{ Body: { readonly text: string } }>(
    "/",
    { permission: Permission.NoteWrite, schema: { body } },
    async ({ principal, body: { text } }, reply) => {
      reply.code(201);
      return notes.write(principal.id, text);
    },
  );
}
