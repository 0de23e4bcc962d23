import type { Users } from "@helpdesk/identity";
import { type Http, HttpProblem } from "@plinth/http";
import { Permission } from "./permissions.ts";
import type { RoleBook } from "./role-book.ts";
import type { RolesAuthorizer } from "./roles-authorizer.ts";

interface Assignment {
  readonly user: string;
  readonly role: string;
}

const params = {
  type: "object",
  properties: { user: { type: "string", format: "uuid" }, role: { type: "string", maxLength: 63 } },
};

export function addAssignmentRoutes(http: Http, book: RoleBook, authorizer: RolesAuthorizer, users: Users): void {
  async function mustExist(user: string): Promise<void> {
    if (!(await users.find([user])).has(user)) throw new HttpProblem(404, "There is no such user.");
  }

  http.get<{ Params: Pick<Assignment, "user"> }>(
    "/users/:user/roles",
    { permission: Permission.RoleRead, schema: { params } },
    async ({ params: { user } }) => {
      await mustExist(user);
      return { roles: await book.rolesOf(user) };
    },
  );

  http.put<{ Params: Assignment }>(
    "/users/:user/roles/:role",
    { permission: Permission.RoleAssign, schema: { params } },
    async ({ params: { user, role }, principal }, reply) => {
      refuseOwn(user, principal.id);
      await mustExist(user);
      if (!(await book.exists(role))) throw new HttpProblem(404, `There is no role ${role}.`);
      await book.assign(user, role, principal);
      authorizer.forget();
      reply.code(204);
    },
  );

  http.delete<{ Params: Assignment }>(
    "/users/:user/roles/:role",
    { permission: Permission.RoleAssign, schema: { params } },
    async ({ params: { user, role }, principal }, reply) => {
      refuseOwn(user, principal.id);
      await book.revoke(user, role, principal);
      authorizer.forget();
      reply.code(204);
    },
  );
}

/** Who gives out roles keeps that right, so that somebody always has it. */
function refuseOwn(user: string, principal: string): void {
  if (user === principal) throw new HttpProblem(409, "Nobody changes their own roles: ask somebody else.");
}
