import { type Http, HttpProblem } from "@plinth/http";
import type { PermissionCatalogue } from "@plinth/permissions";
import { fits, patternForm } from "./grant.ts";
import { Permission } from "./permissions.ts";
import type { Role, RoleBook } from "./role-book.ts";
import type { RolesAuthorizer } from "./roles-authorizer.ts";

const params = { type: "object", properties: { role: { type: "string", pattern: "^[a-z][a-z0-9-]{0,62}$" } } };
const patterns = {
  type: "array",
  maxItems: 100,
  default: [],
  items: { type: "string", maxLength: 200, pattern: patternForm },
};
const body = {
  type: "object",
  required: ["description"],
  additionalProperties: false,
  properties: { description: { type: "string", minLength: 1, maxLength: 200 }, allow: patterns, deny: patterns },
};

/** The role that keeps the right to change roles, so that nobody can lock everybody out. */
const fixedRole = "admin";

export function addRoleRoutes(
  http: Http,
  book: RoleBook,
  authorizer: RolesAuthorizer,
  permissions: PermissionCatalogue,
): void {
  http.get("/me", { authenticated: true }, async ({ principal }) => {
    const [roles, allows] = await Promise.all([book.rolesOf(principal.id), authorizer.rights(principal.id)]);
    const codes = permissions.list().map(({ code }) => code);
    return { roles, permissions: codes.filter(allows) };
  });

  http.get("/roles", { permission: Permission.RoleRead }, async () => ({ items: await book.list() }));

  http.put<{ Params: { role: string }; Body: Omit<Role, "name"> }>(
    "/roles/:role",
    { permission: Permission.RoleEdit, schema: { params, body } },
    async ({ params: { role: name }, body, principal }) => {
      if (name === fixedRole) throw new HttpProblem(409, `The role ${fixedRole} may do everything, always.`);
      const codes = permissions.list().map(({ code }) => code);
      const unknown = [...body.allow, ...body.deny].filter((pattern) => !codes.some((code) => fits(pattern, code)));
      if (unknown.length > 0) {
        throw new HttpProblem(400, `No permission fits ${unknown.join(", ")}.`, {
          type: "urn:helpdesk:problem:unknown-permission",
          members: { unknown },
        });
      }
      const role = { name, ...body };
      await book.define(role, principal);
      authorizer.forget();
      return role;
    },
  );
}
