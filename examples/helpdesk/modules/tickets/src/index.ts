import { AuditTrail } from "@helpdesk/audit";
import { Users } from "@helpdesk/identity";
import { Articles } from "@helpdesk/knowledge";
import { Notifications } from "@helpdesk/notifications";
import { Database } from "@plinth/database";
import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";
import { Permissions } from "@plinth/permissions";
import { TicketFeed, TicketStatistics } from "./contract.ts";
import { Desk } from "./desk.ts";
import { ticketFeed } from "./feed.ts";
import { Messages } from "./messages.ts";
import { manifest } from "./module.gen.ts";
import { addRoutes } from "./routes.ts";
import { ticketStatistics } from "./statistics.ts";
import { TicketReader } from "./ticket-reader.ts";

export default defineModule(manifest, {
  requires: { db: Database, http: Http, permissions: Permissions, audit: AuditTrail, users: Users },
  optional: { articles: Articles, notifications: Notifications },
  provides: { statistics: TicketStatistics, feed: TicketFeed },
  setup({ db, http, permissions, audit, users, articles, notifications, config, log }) {
    const { pageSize, suggestions } = config;
    const desk = new Desk(db, audit, new Messages(notifications, http.prefix, log));
    const reader = new TicketReader(db, users, pageSize);
    addRoutes(http, { desk, reader, users, permissions, articles, suggestions, log });
    return { statistics: ticketStatistics(db), feed: ticketFeed(db) };
  },
});
