import { AuditTrail } from "@helpdesk/audit";
import { SeededUsers, Users } from "@helpdesk/identity";
import { Grants } from "@plinth/grants";
import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";
import { addAssignmentRoutes } from "./assignment-routes.ts";
import { AuditedRoles } from "./audited-roles.ts";
import { manifest } from "./module.gen.ts";
import { addRoleRoutes } from "./role-routes.ts";

export default defineModule(manifest, {
  requires: { http: Http, grants: Grants, audit: AuditTrail, users: Users, seededUsers: SeededUsers },
  setup({ http, grants, audit, users, seededUsers, lifecycle }) {
    const roles = new AuditedRoles(grants, audit);
    addRoleRoutes(http, grants, roles);
    addAssignmentRoutes(http, grants, roles, users);

    lifecycle.onStart(async () => {
      for (const { user, role } of seededUsers.list()) {
        if (grants.assignedRoles(user.id).length === 0) await roles.assign(user.id, role);
      }
    });
  },
});
