import { Database } from "@plinth/database";
import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";
import { Notifications } from "./contract.ts";
import { Inbox } from "./inbox.ts";
import { manifest } from "./module.gen.ts";
import { addRoutes } from "./routes.ts";

export default defineModule(manifest, {
  requires: { db: Database, http: Http },
  provides: { notifications: Notifications },
  setup({ db, http, config }) {
    const inbox = new Inbox(db, config.keep);
    addRoutes(http, inbox);
    return { notifications: inbox };
  },
});
