import type { Users } from "@helpdesk/identity";
import type { Grants } from "@plinth/grants";
import { type Http, HttpProblem } from "@plinth/http";
import type { AuditedRoles } from "./audited-roles.ts";
import { Permission } from "./module.gen.ts";

interface Assignment {
  readonly user: string;
  readonly role: string;
}

const params = {
  type: "object",
  properties: { user: { type: "string", format: "uuid" }, role: { type: "string", maxLength: 63 } },
};

export function addAssignmentRoutes(http: Http, grants: Grants, roles: AuditedRoles, users: Users): void {
  async function mustExist(user: string): Promise<void> {
    if (!(await users.find([user])).has(user)) throw new HttpProblem(404, "There is no such user.");
  }

  http.get<{ Params: Pick<Assignment, "user"> }>(
    "/users/:user/roles",
    { permission: Permission.RoleRead, schema: { params } },
    async ({ params: { user } }) => {
      await mustExist(user);
      return { roles: grants.rolesOf(user) };
    },
  );

  http.put<{ Params: Assignment }>(
    "/users/:user/roles/:role",
    { permission: Permission.RoleAssign, schema: { params } },
    async ({ params: { user, role }, principal }, reply) => {
      refuseOwn(user, principal.id);
      await mustExist(user);
      if (grants.role(role) === undefined) throw new HttpProblem(404, `There is no role ${role}.`);
      await roles.assign(user, role, principal);
      reply.code(204);
    },
  );

  http.delete<{ Params: Assignment }>(
    "/users/:user/roles/:role",
    { permission: Permission.RoleAssign, schema: { params } },
    async ({ params: { user, role }, principal }, reply) => {
      refuseOwn(user, principal.id);
      await roles.revoke(user, role, principal);
      reply.code(204);
    },
  );
}

/** Who gives out roles keeps that right, so that somebody always has it. */
function refuseOwn(user: string, principal: string): void {
  if (user === principal) throw new HttpProblem(409, "Nobody changes their own roles: ask somebody else.");
}
