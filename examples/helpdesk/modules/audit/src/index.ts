import { Database } from "@plinth/database";
import { Http } from "@plinth/http";
import { defineModule, scoped } from "@plinth/module";
import { AuditTrail } from "./contract.ts";
import { manifest } from "./module.gen.ts";
import { addRoutes } from "./routes.ts";
import { trailOf } from "./trail.ts";

export default defineModule(manifest, {
  requires: { db: Database, http: Http },
  provides: { trail: AuditTrail },
  setup({ db, http }) {
    addRoutes(http, db);
    // Scoped: each module has its own, so that none can record in another's name.
    return { trail: scoped(({ name }) => trailOf(name)) };
  },
});
