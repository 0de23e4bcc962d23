import { Database } from "@plinth/database";
import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";
import { Notifications } from "./contract.ts";
import { Inbox } from "./inbox.ts";
import { addRoutes } from "./routes.ts";
import { readSettings } from "./settings.ts";

export default defineModule({
  requires: { db: Database, http: Http },
  provides: { notifications: Notifications },
  setup({ db, http, config }) {
    const inbox = new Inbox(db, readSettings(config).keep);
    addRoutes(http, inbox);
    return { notifications: inbox };
  },
});
