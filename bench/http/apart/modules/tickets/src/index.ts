import { Database } from "@plinth/database";
import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";

export default defineModule({
  requires: { http: Http, db: Database },
  setup({ http, db }) {
    http.get<{ Params: { id: string } }>("/:id", { public: true }, async ({ params }) => ({ ticket: params.id }));
    http.get<{ Params: { id: string } }>("/:id/row", { public: true }, async ({ params }) => {
      const { rows } = await db.query("select $1::text as ticket", [params.id]);
      return rows[0];
    });
  },
});
