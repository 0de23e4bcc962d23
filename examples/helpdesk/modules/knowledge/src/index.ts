import { AuditTrail } from "@helpdesk/audit";
import { Users } from "@helpdesk/identity";
import { Database } from "@plinth/database";
import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";
import { Permissions } from "@plinth/permissions";
import { ArticleSearch } from "./article-search.ts";
import { ArticleStore } from "./article-store.ts";
import { Articles } from "./contract.ts";
import { manifest } from "./module.gen.ts";
import { addAuthorRoutes, addReaderRoutes } from "./routes.ts";

export default defineModule(manifest, {
  requires: { db: Database, http: Http, permissions: Permissions, audit: AuditTrail, users: Users },
  provides: { articles: Articles },
  setup({ db, http, permissions, audit, users, config }) {
    const { pageSize } = config;
    const search = new ArticleSearch(db, http.prefix);
    const sources = { store: new ArticleStore(db, audit), search, users, permissions, pageSize };
    addReaderRoutes(http, sources);
    addAuthorRoutes(http, sources);
    return { articles: search };
  },
});
