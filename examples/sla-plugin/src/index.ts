import { Notifications } from "@helpdesk/notifications";
import { TicketFeed, TicketStatistics } from "@helpdesk/tickets";
import { Database } from "@plinth/database";
import { Http } from "@plinth/http";
import { defineModule, parseDuration } from "@plinth/module";
import { Permissions } from "@plinth/permissions";
import { Clocks } from "./clocks.ts";
import { manifest } from "./module.gen.ts";
import { addRoutes } from "./routes.ts";
import { watch } from "./watch.ts";

export default defineModule(manifest, {
  requires: { db: Database, http: Http, permissions: Permissions, feed: TicketFeed, statistics: TicketStatistics },
  optional: { notifications: Notifications },
  setup({ db, http, permissions, feed, statistics, notifications, config, clock, log, lifecycle }) {
    const clocks = new Clocks(db, feed);
    addRoutes(http, { db, clocks, permissions, statistics, clock });
    const everyMs = parseDuration(config.checkEvery) ?? 0;
    let watching: Promise<void> | undefined;
    lifecycle.onStart(() => {
      watching = watch({ clocks, notifications, clock, log, everyMs, signal: lifecycle.signal });
    });
    lifecycle.onStop(() => watching);
  },
});
