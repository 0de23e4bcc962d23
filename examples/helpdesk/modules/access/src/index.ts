import { AuditTrail } from "@helpdesk/audit";
import { SeededUsers, Users } from "@helpdesk/identity";
import { Database } from "@plinth/database";
import { Http } from "@plinth/http";
import { defineModule, systemClock } from "@plinth/module";
import { Permissions } from "@plinth/permissions";
import { addAssignmentRoutes } from "./assignment-routes.ts";
import { RoleBook } from "./role-book.ts";
import { addRoleRoutes } from "./role-routes.ts";
import { RolesAuthorizer } from "./roles-authorizer.ts";
import { readSettings } from "./settings.ts";

export default defineModule({
  requires: {
    db: Database,
    http: Http,
    permissions: Permissions,
    audit: AuditTrail,
    users: Users,
    seededUsers: SeededUsers,
  },
  setup({ db, http, permissions, audit, users, seededUsers, config, lifecycle }) {
    const { defaultRole, maxAgeMs } = readSettings(config);
    const book = new RoleBook(db, audit, defaultRole);
    const authorizer = new RolesAuthorizer(book, systemClock, maxAgeMs);
    permissions.useAuthorizer(authorizer);
    addRoleRoutes(http, book, authorizer, permissions);
    addAssignmentRoutes(http, book, authorizer, users);

    lifecycle.onStart(async () => {
      if (await book.exists(defaultRole)) return;
      throw new Error(`the setting access.defaultRole names the role ${defaultRole}, which does not exist`);
    });
    lifecycle.onStart(async () => {
      for (const { user, role } of seededUsers.list()) {
        if ((await book.assignedTo(user.id)).length === 0) await book.assign(user.id, role);
      }
    });
  },
});
